package io.athanor.api.command;

import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.stake.StakeRules;
import io.athanor.domain.view.RoundView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two reports that one checker signed for one round: proof enough, whoever brings it. Their signatures are checked at the
 * door, which knows the attester from the round's committee.
 */
public record ReportEquivocation(
        SignedReport one,
        SignedReport other,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(SignedReport one, SignedReport other) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.reportEquivocation(
                offence(Wallet.ZERO, Instant.EPOCH).caseId(),
                one.report(),
                other.report(),
                authorization.commandId(),
                authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(one, other);
    }

    /** The case's id is that of the name, in which neither attester nor time is. */
    private Offence offence(Wallet attester, Instant since) {
        return new Equivocation(PoolId.ofChecker(one.report().checker()), attester, one, other, since);
    }

    /** The attester of the accused in its round. Error: {@link Refused}. */
    public Wallet attester(RoundOpened round) {
        return round.committee().stream()
                .filter(seat -> seat.checker().equals(one.report().checker()))
                .map(Seat::attester)
                .findFirst()
                .orElseThrow(() -> new Refused(
                        Reason.NOT_IN_COMMITTEE, one.report().checker() + " does not sit in " + round.round()));
    }

    public RoundId round() {
        return one.report().round();
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        RoundOpened round = here.reads()
                .get(new FindRound(round()), RoundView.class, "round " + round())
                .opened();
        Offence offence = offence(attester(round), round.commitUntil());
        var parameters = here.network().parameters();
        long rate = PenaltyPolicy.rateBps(offence, null, at, parameters);
        long day = StakeRules.day(offence.since(), here.network().identity().genesis(), parameters.timing());
        // What is at risk follows from the pool: the case's process freezes it as soon as it sees the case.
        int version = PenaltyPolicy.versionOf(offence, parameters);
        return List.of(new OpenCase(offence.caseId(), offence, rate, Ath.ZERO, day, version, authorization, at));
    }
}
