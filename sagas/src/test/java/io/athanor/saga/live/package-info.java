/** Tests of penalty cases on a simulated network. */
@NullMarked
package io.athanor.saga.live;

import org.jspecify.annotations.NullMarked;
