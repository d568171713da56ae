/**
 * Simulated agents, checkers and clients of the benchmark, in processes of their own. Their containers and their looks at
 * machines are simulated; keys, signatures, requests and protocols are the real ones.
 */
@NullMarked
package io.athanor.local.bench.peers;

import org.jspecify.annotations.NullMarked;
