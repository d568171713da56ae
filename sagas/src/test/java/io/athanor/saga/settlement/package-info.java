/** Tests of the package. */
@NullMarked
package io.athanor.saga.settlement;

import org.jspecify.annotations.NullMarked;
