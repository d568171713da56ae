/** Measurements of the rules, run by hand. */
@NullMarked
package io.athanor.domain.bench;

import org.jspecify.annotations.NullMarked;
