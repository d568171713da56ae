/** The one thread that looks at what changed and sends what follows, with retries and parking. */
@NullMarked
package io.athanor.saga.routing;

import org.jspecify.annotations.NullMarked;
