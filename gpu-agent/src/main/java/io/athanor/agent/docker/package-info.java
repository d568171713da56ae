/** Running one leased container on a real Docker Engine: pull, isolate, start, observe, stop. */
@NullMarked
package io.athanor.agent.docker;

import org.jspecify.annotations.NullMarked;
