package io.athanor.saga.live;

import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Wallet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A round of an epoch whose books are open; reports themselves are not kept.
 *
 * @param revealed who has revealed
 * @param outcome null while the round is open
 */
public record LiveRound(
        RoundOpened opened, Set<Wallet> revealed, @Nullable Outcome outcome) {
    public LiveRound {
        revealed = Set.copyOf(revealed);
    }

    /** How it closed; without verdicts where it was inconclusive as a whole. */
    public record Outcome(List<Verdict> verdicts, List<Consistency> consistency) {
        public Outcome {
            verdicts = List.copyOf(verdicts);
            consistency = List.copyOf(consistency);
        }
    }

    static LiveRound of(RoundOpened opened) {
        return new LiveRound(opened, Set.of(), null);
    }

    LiveRound evolve(RoundEvent event) {
        return switch (event) {
            case RoundOpened e -> this;
            case RoundEvent.ReportCommitted e -> this;
            case RoundEvent.ReportRevealed e -> {
                Set<Wallet> more = new HashSet<>(revealed);
                more.add(e.checker());
                yield new LiveRound(opened, more, outcome);
            }
            case RoundEvent.RoundFinalized e ->
                new LiveRound(opened, revealed, new Outcome(e.verdicts(), e.consistency()));
            case RoundEvent.RoundInconclusive e ->
                new LiveRound(opened, revealed, new Outcome(List.of(), e.consistency()));
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
