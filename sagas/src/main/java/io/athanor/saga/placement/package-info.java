/** From queued to leased, and what happens when a lease goes wrong. */
@NullMarked
package io.athanor.saga.placement;

import org.jspecify.annotations.NullMarked;
