/** The commands of {@code athanor-agent}. */
@NullMarked
package io.athanor.agent.cli;

import org.jspecify.annotations.NullMarked;
