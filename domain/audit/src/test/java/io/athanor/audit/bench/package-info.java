/** Measurements of replays, run by hand. */
@NullMarked
package io.athanor.audit.bench;

import org.jspecify.annotations.NullMarked;
