/** The fleet as placements see it, on a simulated network. */
@NullMarked
package io.athanor.saga.fleet;

import org.jspecify.annotations.NullMarked;
