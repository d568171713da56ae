/** Tests of the package. */
@NullMarked
package io.athanor.saga.routing;

import org.jspecify.annotations.NullMarked;
