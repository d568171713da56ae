/** Tests of the routers. */
@NullMarked
package io.athanor.saga;

import org.jspecify.annotations.NullMarked;
