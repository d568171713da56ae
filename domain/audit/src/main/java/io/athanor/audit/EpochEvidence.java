package io.athanor.audit;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.EpochFacts;
import java.util.List;

/** placeholder to be aligned with settlement */
final class EpochEvidence {
    void look(World before, Event event) {}

    EpochFacts facts(long epoch, Ath providers, Ath checkers, World world) {
        return new EpochFacts(epoch, List.of(), List.of(), List.of(), providers, checkers);
    }
}
