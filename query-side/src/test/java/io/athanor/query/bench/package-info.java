/** Benchmarks of the read side, each beside its floor in the same run. Run as main classes. */
@NullMarked
package io.athanor.query.bench;

import org.jspecify.annotations.NullMarked;
