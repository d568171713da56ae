/** Stake on its way out, and what people ask of stake pools. */
@NullMarked
package io.athanor.saga.economy;

import org.jspecify.annotations.NullMarked;
