/** Tests of what the benchmark measures with. */
@NullMarked
package io.athanor.local.bench;

import org.jspecify.annotations.NullMarked;
