/** Tests of the mystery shopper's rules. */
@NullMarked
package io.athanor.domain.canary;

import org.jspecify.annotations.NullMarked;
