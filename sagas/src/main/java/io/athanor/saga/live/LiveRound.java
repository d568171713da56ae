package io.athanor.saga.live;

import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A round of an epoch whose books are open; of the reports only the round trips are kept.
 *
 * @param revealed who has revealed
 * @param outcome null while the round is open
 * @param roundTrips of a round over machines: each member's, in the order of the subjects, in microseconds
 */
public record LiveRound(
        RoundOpened opened,
        Set<Wallet> revealed,
        @Nullable Outcome outcome,
        @Nullable Map<Wallet, List<Long>> roundTrips) {
    public LiveRound {
        revealed = Set.copyOf(revealed);
        roundTrips = roundTrips == null ? Map.of() : Map.copyOf(roundTrips);
    }

    @Override
    public Map<Wallet, List<Long>> roundTrips() {
        return roundTrips == null ? Map.of() : roundTrips;
    }

    /** How it closed; without verdicts where it was inconclusive as a whole. */
    public record Outcome(List<Verdict> verdicts, List<Consistency> consistency) {
        public Outcome {
            verdicts = List.copyOf(verdicts);
            consistency = List.copyOf(consistency);
        }
    }

    static LiveRound of(RoundOpened opened) {
        return new LiveRound(opened, Set.of(), null, null);
    }

    LiveRound evolve(RoundEvent event) {
        return switch (event) {
            case RoundOpened e -> this;
            case RoundEvent.ReportCommitted e -> this;
            case RoundEvent.ReportRevealed e -> {
                Set<Wallet> more = new HashSet<>(revealed);
                more.add(e.checker());
                Map<Wallet, List<Long>> trips = new HashMap<>(roundTrips());
                if (opened.round().kind() == RoundId.Kind.LIVENESS) {
                    trips.put(
                            e.checker(),
                            e.report().findings().stream()
                                    .map(Finding::rttMicros)
                                    .toList());
                }
                yield new LiveRound(opened, more, outcome, trips);
            }
            case RoundEvent.RoundFinalized e ->
                new LiveRound(opened, revealed, new Outcome(e.verdicts(), e.consistency()), roundTrips);
            case RoundEvent.RoundInconclusive e ->
                new LiveRound(opened, revealed, new Outcome(List.of(), e.consistency()), roundTrips);
        };
    }

    public boolean closed() {
        return outcome != null;
    }

    /** What was decided of a subject; null where the round is open, or was inconclusive. */
    public @Nullable Verdict verdictOf(String subject) {
        if (outcome == null) {
            return null;
        }
        for (Verdict verdict : outcome.verdicts()) {
            if (verdict.subject().equals(subject)) {
                return verdict;
            }
        }
        return null;
    }
}
