package io.athanor.api.command;

import io.athanor.domain.account.AccountCommand.HoldCaseBond;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.JobCommand.DisputeJob;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.stake.StakeRules;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.view.TaskView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client says that what it paid for was not delivered, with a deposit from its account; a committee decides. */
public record DisputeDelivery(
        LeaseId lease,
        Ath deposit,
        String why,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(LeaseId lease, Ath deposit, String why) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.disputeJob(
                penaltyCase(), deposit, why, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(lease, deposit, why);
    }

    private CaseId penaltyCase() {
        return Offence.caseOf(Dispute.name(lease));
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        ProtocolParameters parameters = here.network().parameters();
        Dispute dispute = dispute(here);
        Ath least = PenaltyPolicy.disputeDeposit(dispute.bill(), parameters);
        Refused.unless(
                deposit.covers(least),
                Reason.BOND_TOO_LOW,
                "the deposit of this dispute is at least " + least.display());
        long rate = PenaltyPolicy.rateBps(dispute, null, at, parameters);
        long day = StakeRules.day(dispute.since(), here.network().identity().genesis(), parameters.timing());
        long window = parameters.sla().disputeWindowMillis();
        CaseId id = dispute.caseId();
        // What is at risk follows from the pool: the case's process freezes it as soon as it sees the case.
        return List.of(
                new OpenCase(
                        id,
                        dispute,
                        rate,
                        Ath.ZERO,
                        day,
                        PenaltyPolicy.versionOf(dispute, parameters),
                        authorization,
                        at),
                new HoldCaseBond(authorization.wallet(), id, deposit, authorization, at),
                new DisputeJob(lease.task(), id, window, authorization, at));
    }

    private Dispute dispute(Surroundings here) {
        JobView job = here.reads()
                .get(
                        new FindJob(lease.task().job()),
                        JobView.class,
                        "job " + lease.task().job());
        TaskView task = job.tasks().stream()
                .filter(each -> each.id().equals(lease.task()) && lease.equals(each.lease()))
                .findFirst()
                .orElseThrow(() -> new Refused(Reason.NOT_FOUND, lease + " is no lease that ended a task"));
        Assessment assessment = task.assessment();
        Instant endedAt = task.endedAt();
        RoundId round = assessment == null ? null : assessment.round();
        if (assessment == null || endedAt == null || round == null || task.machine() == null) {
            throw new Refused(
                    Reason.WRONG_STATE, task.id() + " is " + task.state() + ", and no committee has judged it");
        }
        MachineView machine = here.reads().get(new FindMachine(task.machine()), MachineView.class, "its machine");
        return new Dispute(
                PoolId.ofProvider(machine.provider()),
                new DeliverySubject(lease, machine.id(), machine.provider(), machine.agentKey()),
                job.client(),
                assessment.cost(),
                deposit,
                why,
                judges(here, round),
                endedAt);
    }

    private static List<String> judges(Surroundings here, RoundId round) {
        return Seat.voices(here.reads()
                .get(new FindRound(round), RoundView.class, "round " + round)
                .opened()
                .committee());
    }
}
