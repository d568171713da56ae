/** A whole network on one thread with a virtual clock: simulated machines, checkers, clients and chain. */
@NullMarked
package io.athanor.saga.sim;

import org.jspecify.annotations.NullMarked;
