package io.athanor.audit;

import io.athanor.codec.Json;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.attestation.RoundCommand;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.checker.CheckerCommand;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.EpochCommand;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.MachineCommand;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.penalty.CaseCommand;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.ProviderCommand;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.provider.Suspension.Terms;
import io.athanor.domain.stake.StakePoolCommand;
import io.athanor.domain.stake.StakePoolEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command that an event answers, made again from the event: what an event does not carry of its command is in no
 * event of the stream, or is a parameter.
 */
final class CommandOf {
    private CommandOf() {}

    /**
     * Null for the events that {@link DecisionCheck} takes together with the one before them, and for {@code
     * epoch.RewardsComputed}, whose statement {@link SettlementCheck} makes.
     *
     * @param parameters that a rule needs and the event does not carry
     */
    static @Nullable Command of(Event event, ProtocolParameters parameters) {
        return switch (event) {
            case AccountEvent e -> account(e);
            case ProviderEvent.ProviderRegistered e ->
                new ProviderCommand.RegisterProvider(e.provider(), e.name(), e.ownerGroup(), e.authorization(), e.at());
            case ProviderEvent.ProviderActivated e -> new ProviderCommand.ActivateProvider(e.provider(), e.at());
            case ProviderEvent.ProviderSuspended e ->
                new ProviderCommand.SuspendProvider(
                        e.provider(), e.machine(), e.penaltyCase(), Terms.of(parameters), e.at());
            case ProviderEvent.ProviderCutOff e ->
                new ProviderCommand.SuspendProvider(
                        e.provider(), e.machine(), e.penaltyCase(), Terms.of(parameters), e.at());
            case ProviderEvent.SuspendedForQuality e ->
                new ProviderCommand.SuspendForQuality(
                        e.provider(), e.machine(), e.quality(), Terms.of(parameters), e.at());
            case ProviderEvent.CutOffForQuality e ->
                new ProviderCommand.SuspendForQuality(
                        e.provider(), e.machine(), e.quality(), Terms.of(parameters), e.at());
            case ProviderEvent.ProviderExpelled e ->
                new ProviderCommand.ExpelProvider(e.provider(), e.penaltyCase(), e.at());
            case ProviderEvent.MachineReadmitted e ->
                new ProviderCommand.ReadmitMachine(e.provider(), e.machine(), e.inspection(), e.day(), e.at());
            case ProviderEvent.SuspensionLifted e ->
                new ProviderCommand.LiftSuspension(
                        e.provider(), e.penaltyCase(), e.terms() == null ? null : Terms.of(parameters), e.at());
            case ProviderEvent.ProviderReinstated e ->
                new ProviderCommand.ReinstateProvider(e.provider(), e.machine(), e.at());
            case MachineEvent e -> machine(e, parameters);
            case JobEvent e -> job(e, parameters);
            case CheckerEvent e -> checker(e);
            case StakePoolEvent.StakeBonded e ->
                new StakePoolCommand.CreditBond(e.pool(), e.number(), e.amount(), e.transaction(), e.block(), e.at());
            case RoundEvent e -> round(e);
            case EpochEvent e -> epoch(e);
            case ProtocolEvent e -> protocol(e);
            case CaseEvent e -> penaltyCase(e);
            default -> null;
        };
    }

    private static @Nullable Command account(AccountEvent event) {
        return switch (event) {
            case AccountEvent.DepositCredited e ->
                new AccountCommand.CreditDeposit(
                        e.wallet(), e.number(), e.amount(), e.transaction(), e.block(), e.at());
            case AccountEvent.FundsHeld e ->
                new AccountCommand.HoldFunds(e.wallet(), e.job(), e.amount(), e.authorization(), e.at());
            case AccountEvent.HoldRaised e ->
                new AccountCommand.RaiseHold(e.wallet(), e.job(), e.from(), e.amount(), e.authorization(), e.at());
            case AccountEvent.HoldSettled e ->
                new AccountCommand.SettleAccount(e.wallet(), e.epoch(), e.lines(), List.of(), e.at());
            case AccountEvent.EarningsCredited e ->
                new AccountCommand.SettleAccount(e.wallet(), e.epoch(), List.of(), e.lines(), e.at());
            case AccountEvent.EarningsVested e ->
                e.credited().isZero()
                        ? new AccountCommand.ReleaseEarnings(e.wallet(), e.day(), e.at())
                        : new AccountCommand.VestEarnings(
                                e.wallet(), e.epoch(), e.credited(), e.days(), e.day(), e.at());
            case AccountEvent.VestingSlashed e ->
                new AccountCommand.SlashVesting(e.wallet(), e.penaltyCase(), e.asked(), e.day(), e.at());
            case AccountEvent.SessionKeyAuthorised e ->
                new AccountCommand.AuthorizeSessionKey(e.wallet(), e.key(), e.authorization(), e.at());
            case AccountEvent.SessionKeyRevoked e ->
                new AccountCommand.RevokeSessionKey(e.wallet(), e.key(), e.authorization(), e.at());
            case AccountEvent.WithdrawalRequested e ->
                new AccountCommand.RequestWithdrawal(e.wallet(), e.amount(), e.authorization(), e.at());
            case AccountEvent.WithdrawalPaid e ->
                new AccountCommand.RecordPayout(e.wallet(), e.paid(), e.transaction(), e.block(), e.at());
            case AccountEvent.FundsStaked e ->
                new AccountCommand.StakeFunds(e.wallet(), e.pool(), e.amount(), e.authorization(), e.at());
            case AccountEvent.StakeReturned e ->
                new AccountCommand.CreditStake(e.wallet(), e.pool(), e.amount(), e.at());
            case AccountEvent.DepositLodged e ->
                new AccountCommand.LodgeDeposit(e.wallet(), e.proposal(), e.amount(), e.authorization(), e.at());
            case AccountEvent.DepositReturned e ->
                new AccountCommand.ReturnDeposit(e.wallet(), e.proposal(), e.amount(), e.at());
            case AccountEvent.CanariesCredited e ->
                new AccountCommand.CreditCanaries(e.wallet(), e.epoch(), e.amount(), e.at());
            case AccountEvent.GrantCredited e ->
                new AccountCommand.CreditGrant(e.wallet(), e.proposal(), e.milestone(), e.amount(), e.at());
            case AccountEvent.CaseBondHeld e ->
                new AccountCommand.HoldCaseBond(e.wallet(), e.penaltyCase(), e.amount(), e.authorization(), e.at());
            case AccountEvent.CaseShareCredited e ->
                new AccountCommand.CreditCaseShare(e.wallet(), e.penaltyCase(), e.amount(), e.at());
            default -> null;
        };
    }

    static CaseCommand penaltyCase(CaseEvent event) {
        return switch (event) {
            case CaseEvent.CaseOpened e ->
                new CaseCommand.OpenCase(
                        e.id(),
                        e.offence(),
                        e.rateBps(),
                        e.amount(),
                        e.offenceDay(),
                        e.formulaVersion(),
                        e.authorization(),
                        e.at());
            case CaseEvent.PenaltyRaised e -> new CaseCommand.RaisePenalty(e.id(), e.rateBps(), e.amount(), e.at());
            case CaseEvent.StayBegun e -> new CaseCommand.BeginStay(e.id(), e.until(), e.at());
            case CaseEvent.CaseJudged e -> new CaseCommand.JudgeCase(e.id(), e.round(), e.ruling(), e.judges(), e.at());
            case CaseEvent.AppealLodged e ->
                new CaseCommand.LodgeAppeal(e.id(), e.bond(), e.why(), e.decideBy(), e.authorization(), e.at());
            case CaseEvent.AppealDecided e -> new CaseCommand.DecideAppeal(e.id(), e.round(), e.ruling(), e.at());
            case CaseEvent.PenaltyExecuted e -> new CaseCommand.ExecutePenalty(e.id(), e.taken(), e.shares(), e.at());
            case CaseEvent.ReviewClosed e -> new CaseCommand.CloseReview(e.id(), e.restituted(), e.shares(), e.at());
            case CaseEvent.CaseDismissed e -> new CaseCommand.DismissCase(e.id(), e.why(), e.at());
        };
    }

    private static @Nullable Command checker(CheckerEvent event) {
        return switch (event) {
            case CheckerEvent.CheckerActivated e -> new CheckerCommand.ActivateChecker(e.checker(), e.at());
            case CheckerEvent.CheckerJailed e ->
                new CheckerCommand.JailChecker(e.checker(), e.wrong(), e.rounds(), e.until(), e.at());
            case CheckerEvent.CheckerReleased e -> new CheckerCommand.ReleaseChecker(e.checker(), e.at());
            case CheckerEvent.CheckerTombstoned e ->
                new CheckerCommand.TombstoneChecker(e.checker(), e.because(), e.at());
            default -> null;
        };
    }

    private static @Nullable Command machine(MachineEvent event, ProtocolParameters parameters) {
        return switch (event) {
            case MachineEvent.MachineEnrolled e ->
                new MachineCommand.EnrollMachine(
                        e.machine(),
                        e.provider(),
                        e.agentKey(),
                        e.inventory(),
                        parameters.admission(),
                        e.authorization(),
                        e.at());
            case MachineEvent.InspectionOpened e -> new MachineCommand.OpenInspection(e.machine(), e.round(), e.at());
            case MachineEvent.MachineCertified e ->
                new MachineCommand.CertifyMachine(e.machine(), e.round(), e.score(), e.at());
            case MachineEvent.MachineRejected e ->
                new MachineCommand.RejectMachine(e.machine(), e.round(), e.why(), e.at());
            case MachineEvent.CapacityTested e ->
                new MachineCommand.RecordCapacity(e.machine(), e.round(), e.measured(), e.at());
            case MachineEvent.OfferListed e ->
                new MachineCommand.ListOffer(e.machine(), e.price(), e.authorization(), e.at());
            case MachineEvent.GpusReserved e ->
                new MachineCommand.ReserveGpus(e.machine(), e.lease(), e.gpus(), e.at());
            case MachineEvent.GpusReleased e -> new MachineCommand.ReleaseGpus(e.machine(), e.lease(), e.at());
            case MachineEvent.MachineWentOffline e -> new MachineCommand.TakeOffline(e.machine(), e.why(), e.at());
            case MachineEvent.MachineWentOnline e -> new MachineCommand.BringOnline(e.machine(), e.at());
            case MachineEvent.MaintenanceAnnounced e ->
                new MachineCommand.AnnounceMaintenance(e.machine(), e.from(), e.until(), e.at());
            case MachineEvent.MaintenanceEnded e -> new MachineCommand.EndMaintenance(e.machine(), e.at());
            case MachineEvent.HardwareChanged e ->
                new MachineCommand.ReportHardware(e.machine(), e.inventory(), e.at());
            case MachineEvent.QualityScored e -> new MachineCommand.ScoreQuality(e.machine(), e.scored(), e.at());
            case MachineEvent.MachineRetired e ->
                new MachineCommand.RetireMachine(e.machine(), e.authorization(), e.at());
            default -> null;
        };
    }

    private static @Nullable Command job(JobEvent event, ProtocolParameters parameters) {
        return switch (event) {
            case JobEvent.JobSubmitted e ->
                new JobCommand.SubmitJob(e.task(), e.client(), e.spec(), e.authorization(), e.at());
            case JobEvent.PlacementDecided e -> new JobCommand.ExplainUnplaced(e.task(), e.decision(), e.at());
            case JobEvent.JobStarted e -> new JobCommand.StartJob(e.task(), e.lease(), e.container(), e.at());
            case JobEvent.JobCancelRequested e ->
                new JobCommand.CancelJob(e.task(), e.why(), e.authorization(), e.at());
            case JobEvent.JobToppedUp e -> new JobCommand.TopUpJob(e.task(), e.cap(), e.authorization(), e.at());
            case JobEvent.JobCompleted e -> new JobCommand.EndJob(e.task(), e.receipt(), e.at());
            case JobEvent.JobFailed e -> endedOrGivenUp(e, e.receipt(), parameters);
            case JobEvent.JobCancelled e -> endedOrGivenUp(e, e.receipt(), parameters);
            case JobEvent.JobLost e ->
                e.receipt() == null
                        ? new JobCommand.LoseJob(e.task(), e.lease(), e.ending(), e.detail(), e.at())
                        : new JobCommand.EndJob(e.task(), e.receipt(), e.at());
            case JobEvent.JobRequeued e -> endedOrGivenUp(e, null, parameters);
            case JobEvent.JobExpired e -> new JobCommand.ExpireJob(e.task(), e.why(), e.at());
            case JobEvent.SlaAssessed e -> new JobCommand.AssessJob(e.task(), e.assessment(), e.at());
            case JobEvent.JobSettled e -> new JobCommand.SettleJob(e.task(), e.epoch(), e.at());
            case JobEvent.JobDisputed e ->
                new JobCommand.DisputeJob(
                        e.task(), e.penaltyCase(), parameters.sla().disputeWindowMillis(), e.authorization(), e.at());
            default -> null;
        };
    }

    /** With a receipt its agent ended the task; without one it was lost and not queued again, or was. */
    private static Command endedOrGivenUp(JobEvent e, @Nullable Receipt receipt, ProtocolParameters parameters) {
        return receipt == null
                ? new JobCommand.RequeueJob(e.task(), parameters.sla().maxAttempts(), e.at())
                : new JobCommand.EndJob(e.task(), receipt, e.at());
    }

    private static @Nullable Command round(RoundEvent event) {
        return switch (event) {
            case RoundEvent.RoundOpened e ->
                new RoundCommand.OpenRound(
                        e.round(),
                        e.chainId(),
                        e.subjects(),
                        e.committee(),
                        e.quorum(),
                        e.draw(),
                        e.commitFrom(),
                        e.commitUntil(),
                        e.revealUntil(),
                        e.at());
            case RoundEvent.ReportCommitted e ->
                new RoundCommand.CommitReport(e.round(), e.checker(), e.commitment(), e.signature(), e.at());
            case RoundEvent.ReportRevealed e ->
                new RoundCommand.RevealReport(e.round(), e.checker(), e.report(), e.salt(), e.signature(), e.at());
            case RoundEvent.RoundFinalized e -> new RoundCommand.CloseRound(e.round(), e.at());
            case RoundEvent.RoundInconclusive e -> new RoundCommand.CloseRound(e.round(), e.at());
            default -> null;
        };
    }

    private static @Nullable Command epoch(EpochEvent event) {
        return switch (event) {
            case EpochEvent.EpochOpened e ->
                new EpochCommand.OpenEpoch(
                        e.epoch(), e.startsAt(), e.endsAt(), e.blockNumber(), e.blockHash(), e.eligible(), e.at());
            case EpochEvent.SettlementBatched e -> new EpochCommand.BatchSettlements(e.epoch(), e.batch(), e.at());
            case EpochEvent.SettlementAnchored e ->
                new EpochCommand.AnchorSettlement(e.epoch(), e.seq(), e.transaction(), e.block(), e.at());
            case EpochEvent.WithdrawalsRooted e -> new EpochCommand.RootWithdrawals(e.epoch(), e.payout(), e.at());
            case EpochEvent.WithdrawalsAnchored e ->
                new EpochCommand.AnchorWithdrawals(e.epoch(), e.number(), e.transaction(), e.block(), e.at());
            case EpochEvent.EpochClosed e -> new EpochCommand.CloseEpoch(e.epoch(), e.head(), e.at());
            default -> null;
        };
    }

    private static @Nullable Command protocol(ProtocolEvent event) {
        return switch (event) {
            case ProtocolEvent.ReserveCredited e ->
                new ProtocolCommand.CreditReserve(
                        e.number(), e.reserve(), e.amount(), e.transaction(), e.block(), e.at());
            case ProtocolEvent.ParametersScheduled e ->
                new ProtocolCommand.ScheduleParameters(e.parameters(), e.fromEpoch(), e.at());
            case ProtocolEvent.CommunityFundsGranted e ->
                new ProtocolCommand.GrantFunds(
                        e.proposal(), e.milestone(), e.recipient(), e.amount(), e.amount(), e.at());
            case ProtocolEvent.NetworkPaused e ->
                new ProtocolCommand.PauseNetwork(e.why(), millis(e), e.authorization(), e.at());
            case ProtocolEvent.NodeRegistered e ->
                new ProtocolCommand.RegisterNode(e.node(), e.active(), e.authorization(), e.at());
            // How far the epochs were is looked at by the check of canaries.
            case ProtocolEvent.CanariesCommitted e ->
                new ProtocolCommand.CommitCanaries(e.epoch(), e.commitment(), e.epoch() - 2, e.authorization(), e.at());
            case ProtocolEvent.CanariesOpened e ->
                new ProtocolCommand.OpenCanaries(
                        e.plan(),
                        Json.digest(e.plan()),
                        e.orders(),
                        e.paid(),
                        e.undelivered(),
                        e.reruns(),
                        e.irreproducible(),
                        e.paid(),
                        e.plan().epoch() + 1,
                        e.authorization(),
                        e.at());
            case ProtocolEvent.UpgradeAnnounced e ->
                new ProtocolCommand.AnnounceUpgrade(
                        e.proposal(), e.version(), e.artifact(), e.activationEpoch(), e.at());
            case ProtocolEvent.UpgradeActivated e ->
                new ProtocolCommand.DecideUpgrade(e.epoch(), e.readiness(), e.at());
            case ProtocolEvent.UpgradePostponed e ->
                new ProtocolCommand.DecideUpgrade(e.epoch(), e.readiness(), e.at());
            case ProtocolEvent.UpgradeCancelled e ->
                new ProtocolCommand.DecideUpgrade(e.epoch(), e.readiness(), e.at());
            case ProtocolEvent.ParametersActivated e -> new ProtocolCommand.ActivateParameters(e.fromEpoch(), e.at());
            default -> null;
        };
    }

    private static long millis(ProtocolEvent.NetworkPaused e) {
        return e.until().toEpochMilli() - e.at().toEpochMilli();
    }
}
