/** Which machines are there, when each was last heard of, and what each has to give. */
@NullMarked
package io.athanor.saga.fleet;

import org.jspecify.annotations.NullMarked;
