/** Measures a whole network under load beside the floor of its database; agents and checkers are simulated peers. */
@NullMarked
package io.athanor.local.bench;

import org.jspecify.annotations.NullMarked;
