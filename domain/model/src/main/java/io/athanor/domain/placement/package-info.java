/** Placement: filter, score and choose a machine, with the reasons kept. */
@NullMarked
package io.athanor.domain.placement;

import org.jspecify.annotations.NullMarked;
