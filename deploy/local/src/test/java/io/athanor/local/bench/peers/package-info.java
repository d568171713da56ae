/** Tests of the benchmark's simulated peers. */
@NullMarked
package io.athanor.local.bench.peers;

import org.jspecify.annotations.NullMarked;
