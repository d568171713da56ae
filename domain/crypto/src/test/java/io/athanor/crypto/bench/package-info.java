/** Benchmarks of signatures and hashes; each prints its floor. */
@NullMarked
package io.athanor.crypto.bench;

import org.jspecify.annotations.NullMarked;
