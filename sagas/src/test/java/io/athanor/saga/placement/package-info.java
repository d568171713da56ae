/** Tests of the package. */
@NullMarked
package io.athanor.saga.placement;

import org.jspecify.annotations.NullMarked;
