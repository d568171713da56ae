package io.athanor.saga.live;

import io.athanor.domain.attestation.Finding;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.PenaltyCase;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A penalty case, with what its process needs besides its own stream.
 *
 * @param outageEnded when the machine was back, null while it is away
 * @param slashed whether its pool was slashed
 * @param taken of rewards and stake, redelegations included, in wei
 * @param ofRewards what of it was vesting; null before that was asked for
 * @param rounds of its committees, with what they came to
 * @param overAt when it ended, null before
 * @param losses by whom, of what was taken
 */
public record LiveCase(
        PenaltyCase state,
        @Nullable Instant outageEnded,
        boolean slashed,
        Ath taken,
        Map<RoundId, Outcome> rounds,
        @Nullable Instant overAt,
        @Nullable Ath ofRewards,
        Map<Wallet, Ath> losses) {
    static final LiveCase NEW = new LiveCase(PenaltyCase.EMPTY, null, false, Ath.ZERO, Map.of(), null, null, Map.of());

    public LiveCase {
        rounds = Map.copyOf(rounds);
        losses = PersistentMap.copyOf(Objects.requireNonNullElse(losses, Map.of()));
    }

    /** The rounds of one instance. */
    public Map<RoundId, Outcome> rounds(RoundId.Kind kind) {
        Map<RoundId, Outcome> ofKind = new HashMap<>(rounds);
        ofKind.keySet().removeIf(round -> round.kind() != kind);
        return ofKind;
    }

    /** What a round came to. */
    public enum Outcome {
        OPEN,
        UPHELD,
        REFUTED,
        NOTHING;

        static Outcome of(Finding.@Nullable Fact fact) {
            return Optional.ofNullable(fact)
                    .map(known -> switch (known) {
                        case UPHELD -> UPHELD;
                        case REFUTED -> REFUTED;
                        default -> NOTHING;
                    })
                    .orElse(NOTHING);
        }
    }

    LiveCase evolve(CaseEvent event) {
        Instant over = event instanceof PenaltyExecuted || event instanceof CaseDismissed ? event.at() : overAt;
        return new LiveCase(state.evolve(event), outageEnded, slashed, taken, rounds, over, ofRewards, losses);
    }

    LiveCase ended(Instant at) {
        Instant ended = outageEnded == null ? at : outageEnded;
        return new LiveCase(state, ended, slashed, taken, rounds, overAt, ofRewards, losses);
    }

    LiveCase took(Map<Wallet, Ath> lost) {
        Ath sum = taken.plus(Ath.sum(lost.values()));
        return new LiveCase(state, outageEnded, true, sum, rounds, overAt, ofRewards, with(lost));
    }

    LiveCase tookRewards(Wallet wallet, Ath amount) {
        Ath sum = taken.plus(amount);
        return new LiveCase(state, outageEnded, slashed, sum, rounds, overAt, amount, with(Map.of(wallet, amount)));
    }

    private Map<Wallet, Ath> with(Map<Wallet, Ath> lost) {
        PersistentMap<Wallet, Ath> all = PersistentMap.copyOf(losses);
        for (Map.Entry<Wallet, Ath> line : lost.entrySet()) {
            all = all.with(
                    line.getKey(), all.getOrDefault(line.getKey(), Ath.ZERO).plus(line.getValue()));
        }
        return all;
    }

    LiveCase with(RoundId round, Outcome outcome) {
        Map<RoundId, Outcome> more = new HashMap<>(rounds);
        more.put(round, outcome);
        return new LiveCase(state, outageEnded, slashed, taken, more, overAt, ofRewards, losses);
    }
}
