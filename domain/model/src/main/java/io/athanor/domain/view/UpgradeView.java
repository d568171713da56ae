package io.athanor.domain.view;

import io.athanor.domain.governance.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * How far the programs of a passed vote are.
 *
 * @param stage QUEUED before they are announced, ANNOUNCED, ACTIVE, CANCELLED, or REPLACED by a later vote
 * @param activationEpoch the first epoch that may begin with them, or did
 * @param postponed how often too little was ready
 * @param why they were put off or called off last; null before
 * @param capacityBps of the certified capacity that is online, whose machines hold the programs now
 * @param stakeBps of the stake of checkers, the same
 * @param requiredBps of both; null where the network does not ask
 * @param readiness what these are parts of
 */
public record UpgradeView(
        String stage,
        long activationEpoch,
        int postponed,
        @Nullable String why,
        int capacityBps,
        int stakeBps,
        @Nullable Integer requiredBps,
        Readiness readiness) {}
