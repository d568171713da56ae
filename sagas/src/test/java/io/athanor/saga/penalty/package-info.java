/** Tests of penalty cases on a simulated network. */
@NullMarked
package io.athanor.saga.penalty;

import org.jspecify.annotations.NullMarked;
