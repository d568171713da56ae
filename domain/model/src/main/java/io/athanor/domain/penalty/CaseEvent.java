package io.athanor.domain.penalty;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to a penalty case. Amounts in wei, rates in bps. */
public sealed interface CaseEvent extends Event {
    CaseId id();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.CASE, id());
    }

    /** @param formulaVersion of {@link PenaltyPolicy} */
    record CaseOpened(
            CaseId id,
            Offence offence,
            long rateBps,
            Ath amount,
            long offenceDay,
            int formulaVersion,
            @Nullable Authorization authorization,
            Instant at)
            implements CaseEvent {}

    record PenaltyRaised(CaseId id, long rateBps, Ath amount, Instant at) implements CaseEvent {}

    record StayBegun(CaseId id, Instant until, Instant at) implements CaseEvent {}

    record CaseJudged(CaseId id, @Nullable RoundId round, Ruling ruling, List<String> judges, Instant at)
            implements CaseEvent {
        public CaseJudged {
            judges = List.copyOf(judges);
        }
    }

    record AppealLodged(CaseId id, Ath bond, String why, Instant decideBy, Authorization authorization, Instant at)
            implements CaseEvent {}

    record AppealDecided(CaseId id, RoundId round, Ruling ruling, Instant at) implements CaseEvent {}

    /** @param shares of what was taken, and of an appeal's bond */
    record PenaltyExecuted(CaseId id, Ath taken, List<PenaltyShare> shares, Instant at) implements CaseEvent {
        public PenaltyExecuted {
            shares = List.copyOf(shares);
        }
    }

    /**
     * @param restituted by the treasury, zero where the penalty stands
     * @param shares of what is restituted, and of the appeal's bond
     */
    record ReviewClosed(CaseId id, Ath restituted, List<PenaltyShare> shares, Instant at) implements CaseEvent {
        public ReviewClosed {
            shares = List.copyOf(shares);
        }
    }

    record CaseDismissed(CaseId id, String why, Instant at) implements CaseEvent {}
}
