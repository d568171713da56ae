package io.athanor.domain.penalty;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders to a penalty case. Amounts in wei, rates in bps. */
public sealed interface CaseCommand extends Command {
    CaseId id();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.CASE, id());
    }

    /** The commands that begin a stream. */
    sealed interface Create extends CaseCommand {}

    /**
     * Opens a case; the same order freezes the amount.
     *
     * @param amount at risk: what {@link PenaltyPolicy} gives now
     * @param offenceDay settlement day of the offence
     * @param formulaVersion of {@link PenaltyPolicy}, by the parameters in force
     * @param authorization of whoever proved it from outside; null where nobody did
     */
    record OpenCase(
            CaseId id,
            Offence offence,
            long rateBps,
            Ath amount,
            long offenceDay,
            int formulaVersion,
            @Nullable Authorization authorization,
            Instant at)
            implements Create {}

    /** The outage goes on: the higher band replaces the lower. */
    record RaisePenalty(CaseId id, long rateBps, Ath amount, Instant at) implements CaseCommand {}

    /** The outage has ended, or nothing can rise any more: the time for an appeal begins. */
    record BeginStay(CaseId id, Instant until, Instant at) implements CaseCommand {}

    /**
     * The committee of the first instance decides.
     *
     * @param round null where no committee could be drawn in time: then the ruling is HUNG
     * @param judges owner groups of its members: none of theirs judges the appeal
     */
    record JudgeCase(CaseId id, @Nullable RoundId round, Ruling ruling, List<String> judges, Instant at)
            implements CaseCommand {}

    /**
     * The accused appeals, once, inside the stay, or against the executed penalty for as long after it as a decision may take.
     * The bond is held by the same order.
     */
    record LodgeAppeal(CaseId id, Ath bond, String why, Instant decideBy, Authorization authorization, Instant at)
            implements CaseCommand {}

    /** @param round of the appeal's committee */
    record DecideAppeal(CaseId id, RoundId round, Ruling ruling, Instant at) implements CaseCommand {}

    /** The pool was slashed by {@code taken}: says who gets it. Refused where the case is over. */
    record ExecutePenalty(CaseId id, Ath taken, List<PenaltyShare> shares, Instant at) implements CaseCommand {}

    /**
     * An appeal against an executed penalty was decided: where it was reversed, the treasury returns what was taken to those
     * who lost it. The same order pays the shares.
     */
    record CloseReview(CaseId id, Ath restituted, List<PenaltyShare> shares, Instant at) implements CaseCommand {}

    /** Nothing is taken; the same order gives the bond back and lifts the freeze. Refused where the case is over. */
    record DismissCase(CaseId id, String why, Instant at) implements CaseCommand {}

    /** What a committee made of a case. */
    enum Ruling {
        UPHELD,
        REVERSED,
        /** No quorum either way: what a party put up is returned; an appeal has not reversed, a dispute has no case. */
        HUNG
    }
}
