/** Penalty cases: opened, raised, stayed, appealed, executed or dismissed. */
@NullMarked
package io.athanor.saga.penalty;

import org.jspecify.annotations.NullMarked;
