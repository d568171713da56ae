/** Helpers for tests of every module: given/when/then, seeded samples, seeded properties. */
@NullMarked
package io.athanor.domain.testing;

import org.jspecify.annotations.NullMarked;
