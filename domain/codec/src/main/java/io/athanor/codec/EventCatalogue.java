package io.athanor.codec;

import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.stake.StakePoolEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stored name and revision of every event. A name stays for ever; a class may move or be renamed.
 *
 * <p>Invariant: every record of every sealed event family stands here once (a test compares).
 */
public final class EventCatalogue {
    private static final Map<Class<? extends Event>, Entry> BY_CLASS = new LinkedHashMap<>();
    private static final Map<String, Entry> BY_NAME = new LinkedHashMap<>();

    static {
        add("account.DepositCredited", AccountEvent.DepositCredited.class, 1);
        add("account.FundsHeld", AccountEvent.FundsHeld.class, 1);
        add("account.HoldRaised", AccountEvent.HoldRaised.class, 1);
        add("account.HoldSettled", AccountEvent.HoldSettled.class, 1);
        add("account.EarningsCredited", AccountEvent.EarningsCredited.class, 1);
        add("account.EarningsVested", AccountEvent.EarningsVested.class, 1);
        add("account.VestingSlashed", AccountEvent.VestingSlashed.class, 1);
        add("account.SessionKeyAuthorised", AccountEvent.SessionKeyAuthorised.class, 1);
        add("account.SessionKeyRevoked", AccountEvent.SessionKeyRevoked.class, 1);
        add("account.DepositLodged", AccountEvent.DepositLodged.class, 1);
        add("account.DepositReturned", AccountEvent.DepositReturned.class, 1);
        add("account.CanariesCredited", AccountEvent.CanariesCredited.class, 1);
        add("account.GrantCredited", AccountEvent.GrantCredited.class, 1);
        add("account.FundsStaked", AccountEvent.FundsStaked.class, 1);
        add("account.StakeReturned", AccountEvent.StakeReturned.class, 1);
        add("account.WithdrawalRequested", AccountEvent.WithdrawalRequested.class, 1);
        add("account.WithdrawalPaid", AccountEvent.WithdrawalPaid.class, 1);
        add("account.CaseBondHeld", AccountEvent.CaseBondHeld.class, 1);
        add("account.CaseShareCredited", AccountEvent.CaseShareCredited.class, 1);
        add("provider.Registered", ProviderEvent.ProviderRegistered.class, 1);
        add("provider.Activated", ProviderEvent.ProviderActivated.class, 1);
        add("provider.Suspended", ProviderEvent.ProviderSuspended.class, 1);
        add("provider.Reinstated", ProviderEvent.ProviderReinstated.class, 1);
        add("provider.CutOff", ProviderEvent.ProviderCutOff.class, 1);
        add("provider.SuspendedForQuality", ProviderEvent.SuspendedForQuality.class, 1);
        add("provider.CutOffForQuality", ProviderEvent.CutOffForQuality.class, 1);
        add("provider.Expelled", ProviderEvent.ProviderExpelled.class, 1);
        add("provider.MachineReadmitted", ProviderEvent.MachineReadmitted.class, 1);
        // Since revision 2 with the terms by which a cut-off is looked at again.
        add("provider.SuspensionLifted", ProviderEvent.SuspensionLifted.class, 2);
        add("machine.Enrolled", MachineEvent.MachineEnrolled.class, 1);
        add("machine.InspectionOpened", MachineEvent.InspectionOpened.class, 1);
        add("machine.Certified", MachineEvent.MachineCertified.class, 1);
        add("machine.Rejected", MachineEvent.MachineRejected.class, 1);
        add("machine.CapacityTested", MachineEvent.CapacityTested.class, 1);
        add("machine.OfferListed", MachineEvent.OfferListed.class, 1);
        add("machine.GpusReserved", MachineEvent.GpusReserved.class, 1);
        add("machine.GpusReleased", MachineEvent.GpusReleased.class, 1);
        add("machine.WentOffline", MachineEvent.MachineWentOffline.class, 1);
        add("machine.WentOnline", MachineEvent.MachineWentOnline.class, 1);
        add("machine.MaintenanceAnnounced", MachineEvent.MaintenanceAnnounced.class, 1);
        add("machine.MaintenanceEnded", MachineEvent.MaintenanceEnded.class, 1);
        add("machine.HardwareChanged", MachineEvent.HardwareChanged.class, 1);
        add("machine.QualityScored", MachineEvent.QualityScored.class, 1);
        // Since revision 2 not while a case is open or an outage not settled.
        add("machine.Retired", MachineEvent.MachineRetired.class, 2);
        add("job.Submitted", JobEvent.JobSubmitted.class, 1);
        add("job.Funded", JobEvent.JobFunded.class, 1);
        add("job.PlacementDecided", JobEvent.PlacementDecided.class, 1);
        add("job.Assigned", JobEvent.JobAssigned.class, 1);
        add("job.Started", JobEvent.JobStarted.class, 1);
        add("job.CancelRequested", JobEvent.JobCancelRequested.class, 1);
        add("job.ToppedUp", JobEvent.JobToppedUp.class, 1);
        add("job.Completed", JobEvent.JobCompleted.class, 1);
        add("job.Failed", JobEvent.JobFailed.class, 1);
        add("job.Lost", JobEvent.JobLost.class, 1);
        add("job.Requeued", JobEvent.JobRequeued.class, 1);
        add("job.Cancelled", JobEvent.JobCancelled.class, 1);
        add("job.Expired", JobEvent.JobExpired.class, 1);
        add("job.SlaAssessed", JobEvent.SlaAssessed.class, 1);
        add("job.Settled", JobEvent.JobSettled.class, 1);
        add("job.Disputed", JobEvent.JobDisputed.class, 1);
        add("checker.Registered", CheckerEvent.CheckerRegistered.class, 1);
        add("checker.AttesterAuthorised", CheckerEvent.AttesterAuthorised.class, 1);
        add("checker.Activated", CheckerEvent.CheckerActivated.class, 1);
        add("checker.Jailed", CheckerEvent.CheckerJailed.class, 1);
        add("checker.Released", CheckerEvent.CheckerReleased.class, 1);
        add("checker.Tombstoned", CheckerEvent.CheckerTombstoned.class, 1);
        add("pool.StakeBonded", StakePoolEvent.StakeBonded.class, 1);
        add("pool.StakeDelegated", StakePoolEvent.StakeDelegated.class, 1);
        add("pool.UnbondingStarted", StakePoolEvent.UnbondingStarted.class, 1);
        add("pool.StakeReleased", StakePoolEvent.StakeReleased.class, 1);
        add("pool.StakeRedelegated", StakePoolEvent.StakeRedelegated.class, 1);
        add("pool.RedelegationReceived", StakePoolEvent.RedelegationReceived.class, 1);
        add("pool.StakeLocked", StakePoolEvent.StakeLocked.class, 1);
        // Since revision 2 no case freezes again what it has let go.
        add("pool.StakeFrozen", StakePoolEvent.StakeFrozen.class, 2);
        add("pool.StakeUnfrozen", StakePoolEvent.StakeUnfrozen.class, 1);
        add("pool.Slashed", StakePoolEvent.PoolSlashed.class, 1);
        add("pool.RedelegationSlashed", StakePoolEvent.RedelegationSlashed.class, 1);
        add("pool.Rewarded", StakePoolEvent.PoolRewarded.class, 1);
        add("pool.RewardClaimed", StakePoolEvent.RewardClaimed.class, 1);
        add("pool.CommissionChangeAnnounced", StakePoolEvent.CommissionChangeAnnounced.class, 1);
        add("pool.StakeCommitted", StakePoolEvent.StakeCommitted.class, 1);
        // Since revision 2 not while its machine holds leases or has something to answer for.
        add("pool.CommitmentReleased", StakePoolEvent.CommitmentReleased.class, 2);
        add("pool.Closed", StakePoolEvent.PoolClosed.class, 1);
        add("proposal.Submitted", ProposalEvent.ProposalSubmitted.class, 1);
        add("proposal.VotingOpened", ProposalEvent.VotingOpened.class, 1);
        add("proposal.VoteCast", ProposalEvent.VoteCast.class, 1);
        add("proposal.VotingExtended", ProposalEvent.VotingExtended.class, 1);
        add("proposal.Tallied", ProposalEvent.ProposalTallied.class, 1);
        add("proposal.Queued", ProposalEvent.ProposalQueued.class, 1);
        add("proposal.Defeated", ProposalEvent.ProposalDefeated.class, 1);
        add("proposal.Executed", ProposalEvent.ProposalExecuted.class, 1);
        add("proposal.ReadinessReported", ProposalEvent.ReadinessReported.class, 1);
        add("proposal.Cancelled", ProposalEvent.ProposalCancelled.class, 1);
        add("round.Opened", RoundEvent.RoundOpened.class, 1);
        add("round.ReportCommitted", RoundEvent.ReportCommitted.class, 1);
        add("round.ReportRevealed", RoundEvent.ReportRevealed.class, 1);
        add("round.Finalized", RoundEvent.RoundFinalized.class, 1);
        add("round.Inconclusive", RoundEvent.RoundInconclusive.class, 1);
        add("case.Opened", CaseEvent.CaseOpened.class, 1);
        add("case.PenaltyRaised", CaseEvent.PenaltyRaised.class, 1);
        add("case.StayBegun", CaseEvent.StayBegun.class, 1);
        add("case.Judged", CaseEvent.CaseJudged.class, 1);
        // Since revision 2 no case is appealed before its stay.
        add("case.AppealLodged", CaseEvent.AppealLodged.class, 2);
        add("case.AppealDecided", CaseEvent.AppealDecided.class, 1);
        add("case.PenaltyExecuted", CaseEvent.PenaltyExecuted.class, 1);
        add("case.ReviewClosed", CaseEvent.ReviewClosed.class, 1);
        add("case.Dismissed", CaseEvent.CaseDismissed.class, 1);
        add("epoch.Opened", EpochEvent.EpochOpened.class, 1);
        add("epoch.RewardsComputed", EpochEvent.RewardsComputed.class, 1);
        add("epoch.SettlementBatched", EpochEvent.SettlementBatched.class, 1);
        add("epoch.SettlementAnchored", EpochEvent.SettlementAnchored.class, 1);
        add("epoch.WithdrawalsRooted", EpochEvent.WithdrawalsRooted.class, 1);
        add("epoch.WithdrawalsAnchored", EpochEvent.WithdrawalsAnchored.class, 1);
        add("epoch.Closed", EpochEvent.EpochClosed.class, 1);
        add("protocol.NetworkBegun", ProtocolEvent.NetworkBegun.class, 1);
        add("protocol.ReserveCredited", ProtocolEvent.ReserveCredited.class, 1);
        add("protocol.ParametersScheduled", ProtocolEvent.ParametersScheduled.class, 1);
        add("protocol.ParametersActivated", ProtocolEvent.ParametersActivated.class, 1);
        add("protocol.CommunityFundsGranted", ProtocolEvent.CommunityFundsGranted.class, 1);
        add("protocol.UpgradeAnnounced", ProtocolEvent.UpgradeAnnounced.class, 1);
        add("protocol.UpgradeActivated", ProtocolEvent.UpgradeActivated.class, 1);
        add("protocol.UpgradePostponed", ProtocolEvent.UpgradePostponed.class, 1);
        add("protocol.UpgradeCancelled", ProtocolEvent.UpgradeCancelled.class, 1);
        add("protocol.CanariesCommitted", ProtocolEvent.CanariesCommitted.class, 1);
        add("protocol.CanariesOpened", ProtocolEvent.CanariesOpened.class, 1);
        add("protocol.NetworkPaused", ProtocolEvent.NetworkPaused.class, 1);
        add("protocol.NodeRegistered", ProtocolEvent.NodeRegistered.class, 1);
    }

    private EventCatalogue() {}

    /** One event type as it is stored. */
    public record Entry(String name, Class<? extends Event> type, int revision) {}

    private static void add(String name, Class<? extends Event> type, int revision) {
        Entry entry = new Entry(name, type, revision);
        if (BY_NAME.put(name, entry) != null || BY_CLASS.put(type, entry) != null) {
            throw new IllegalStateException("listed twice: " + name);
        }
    }

    /** Error: {@link IllegalArgumentException} where the class is no event of the catalogue. */
    public static String nameOf(Class<?> type) {
        return entry(type).name();
    }

    public static int revisionOf(Class<?> type) {
        return entry(type).revision();
    }

    private static Entry entry(Class<?> type) {
        Entry entry = BY_CLASS.get(type);
        if (entry == null) {
            throw new IllegalArgumentException("not an event of the catalogue: " + type.getName());
        }
        return entry;
    }

    /** Error: {@link IllegalArgumentException} where the name is unknown: the store is newer than this program. */
    public static Class<? extends Event> classOf(String name) {
        Entry entry = BY_NAME.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("unknown event name: " + name);
        }
        return entry.type();
    }

    public static List<Entry> all() {
        return List.copyOf(BY_CLASS.values());
    }

    /** Reads a stored event. Error: {@link IllegalArgumentException}. */
    public static Event read(String name, byte[] payload) {
        return Json.read(payload, classOf(name));
    }
}
