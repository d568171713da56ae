package io.athanor.domain.placement;

import java.util.Collection;

/**
 * The offers that a placement looks at. It is not copied: whoever makes it does not change the offers while placing.
 *
 * @param offers each machine once, in any order: the decision does not depend on it
 * @param asOf the index of the newest event that the offers know
 */
public record FleetSnapshot(Collection<Offer> offers, long asOf) {}
