package io.athanor.saga.attestation;

import io.athanor.domain.attestation.Consensus;
import io.athanor.domain.common.RoundId;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that subjects wait for checkers: once an epoch and kind in the log, and as a figure for the metrics. */
public final class Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);
    private static final int REMEMBERED_MAX = 1_000;

    private final Set<String> said = new HashSet<>();
    private final AtomicLong rounds = new AtomicLong();

    /** Fewer than two checkers may judge these subjects in this epoch. */
    void forCheckers(long epoch, RoundId.Kind kind, int subjects, int eligible) {
        if (said.size() >= REMEMBERED_MAX) {
            said.clear();
        }
        if (said.add(epoch + "." + kind)) {
            rounds.incrementAndGet();
            LOG.warn(
                    "epoch {}: {} subjects of {} wait, since only {} checkers may judge them; at least {} are needed",
                    epoch,
                    subjects,
                    kind,
                    eligible,
                    Consensus.LEAST_VOICES);
        }
    }

    /** How often an epoch's subjects of one kind had to wait since the start. */
    public long roundsNotOpened() {
        return rounds.get();
    }
}
