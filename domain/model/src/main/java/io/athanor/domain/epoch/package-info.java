/** The epoch stream: opening and closing once, rewards, and the settlement batches. */
@NullMarked
package io.athanor.domain.epoch;

import org.jspecify.annotations.NullMarked;
