package io.athanor.domain.ledger;

import static io.athanor.domain.ledger.LedgerAccount.EXTERNAL;
import static io.athanor.domain.ledger.LedgerAccount.TREASURY;
import static io.athanor.domain.ledger.LedgerAccount.available;
import static io.athanor.domain.ledger.LedgerAccount.clearing;
import static io.athanor.domain.ledger.LedgerAccount.deposit;
import static io.athanor.domain.ledger.LedgerAccount.held;
import static io.athanor.domain.ledger.LedgerAccount.penalty;
import static io.athanor.domain.ledger.LedgerAccount.pool;
import static io.athanor.domain.ledger.LedgerAccount.reserve;
import static io.athanor.domain.ledger.LedgerAccount.vesting;
import static io.athanor.domain.ledger.LedgerAccount.withdrawing;

import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.account.AccountEvent.CanariesCredited;
import io.athanor.domain.account.AccountEvent.CaseBondHeld;
import io.athanor.domain.account.AccountEvent.CaseShareCredited;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.DepositLodged;
import io.athanor.domain.account.AccountEvent.DepositReturned;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.FundsStaked;
import io.athanor.domain.account.AccountEvent.GrantCredited;
import io.athanor.domain.account.AccountEvent.HoldRaised;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.AccountEvent.StakeReturned;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.governance.ProposalEvent.ProposalDefeated;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolEvent.CommunityFundsGranted;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.NodeRegistered;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ParametersScheduled;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeActivated;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeCancelled;
import io.athanor.domain.protocol.ProtocolEvent.UpgradePostponed;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.CommissionChangeAnnounced;
import io.athanor.domain.stake.StakePoolEvent.CommitmentReleased;
import io.athanor.domain.stake.StakePoolEvent.PoolClosed;
import io.athanor.domain.stake.StakePoolEvent.PoolRewarded;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.RedelegationReceived;
import io.athanor.domain.stake.StakePoolEvent.RedelegationSlashed;
import io.athanor.domain.stake.StakePoolEvent.RewardClaimed;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.stake.StakePoolEvent.StakeCommitted;
import io.athanor.domain.stake.StakePoolEvent.StakeDelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeFrozen;
import io.athanor.domain.stake.StakePoolEvent.StakeLocked;
import io.athanor.domain.stake.StakePoolEvent.StakeRedelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeReleased;
import io.athanor.domain.stake.StakePoolEvent.StakeUnfrozen;
import io.athanor.domain.stake.StakePoolEvent.UnbondingStarted;
import java.util.Arrays;
import java.util.List;

/**
 * What each event moves in the ledger; the only place where an event becomes money.
 *
 * <p>Invariant: each event balances alone, since a {@link Posting} takes what it gives. Lines of one event between the
 * same two accounts are one posting.
 */
public final class Postings {
    private Postings() {}

    /** In order; empty for an event that moves nothing. Error: {@link IllegalArgumentException} for an unknown family. */
    public static List<Posting> of(Event event) {
        return switch (event) {
            case AccountEvent e -> account(e);
            case StakePoolEvent e -> stake(e);
            case EpochEvent e -> epoch(e);
            case ProtocolEvent e -> protocol(e);
            case ProposalDefeated e -> list(move(deposit(e.proposal()), TREASURY, e.forfeited()));
            case ProposalEvent e -> List.of();
            case JobEvent e -> List.of();
            case MachineEvent e -> List.of();
            case ProviderEvent e -> List.of();
            case CheckerEvent e -> List.of();
            case RoundEvent e -> List.of();
            case CaseEvent e -> penalties(e);
            default -> throw new IllegalArgumentException("unknown family of events: " + event.getClass());
        };
    }

    private static List<Posting> account(AccountEvent event) {
        return switch (event) {
            case DepositCredited e -> list(move(EXTERNAL, available(e.wallet()), e.amount()));
            case FundsHeld e -> list(move(available(e.wallet()), held(e.wallet()), e.amount()));
            case HoldRaised e -> list(move(available(e.wallet()), held(e.wallet()), e.added()));
            case HoldSettled e ->
                list(
                        move(held(e.wallet()), clearing(e.epoch()), costs(e)),
                        move(held(e.wallet()), available(e.wallet()), releases(e)));
            case EarningsCredited e -> list(move(clearing(e.epoch()), available(e.wallet()), earnings(e)));
            case EarningsVested e -> vested(e);
            case VestingSlashed e -> list(move(vesting(e.wallet()), penalty(e.penaltyCase()), e.taken()));
            case WithdrawalRequested e -> list(move(available(e.wallet()), withdrawing(e.wallet()), e.amount()));
            case WithdrawalPaid e -> list(move(withdrawing(e.wallet()), EXTERNAL, e.amount()));
            case DepositLodged e -> list(move(available(e.wallet()), deposit(e.proposal()), e.amount()));
            case DepositReturned e -> list(move(deposit(e.proposal()), available(e.wallet()), e.amount()));
            case CanariesCredited e -> list(move(TREASURY, available(e.wallet()), e.amount()));
            case GrantCredited e -> list(move(TREASURY, available(e.wallet()), e.amount()));
            case FundsStaked e -> list(move(available(e.wallet()), pool(e.pool()), e.amount()));
            case StakeReturned e -> list(move(pool(e.pool()), available(e.wallet()), e.amount()));
            case SessionKeyAuthorised e -> List.of();
            case SessionKeyRevoked e -> List.of();
            case CaseBondHeld e -> list(move(available(e.wallet()), penalty(e.penaltyCase()), e.amount()));
            case CaseShareCredited e -> list(move(penalty(e.penaltyCase()), available(e.wallet()), e.amount()));
        };
    }

    private static Ath costs(HoldSettled e) {
        return Ath.sum(e.lines().stream().map(HoldLine::cost).toList());
    }

    private static Ath releases(HoldSettled e) {
        return Ath.sum(e.lines().stream().map(HoldLine::release).toList());
    }

    private static List<Posting> vested(EarningsVested e) {
        return e.credited().covers(e.freed())
                ? list(move(
                        available(e.wallet()), vesting(e.wallet()), e.credited().minus(e.freed())))
                : list(move(
                        vesting(e.wallet()), available(e.wallet()), e.freed().minus(e.credited())));
    }

    private static Ath earnings(EarningsCredited e) {
        return Ath.sum(e.lines().stream().map(EarningLine::amount).toList());
    }

    private static List<Posting> stake(StakePoolEvent event) {
        return switch (event) {
            case StakeBonded e -> list(move(EXTERNAL, pool(e.pool()), e.amount()));
            case StakeRedelegated e -> list(move(pool(e.pool()), pool(e.to()), e.amount()));
            case PoolSlashed e -> list(move(pool(e.pool()), penalty(e.penaltyCase()), e.taken()));
            case RedelegationSlashed e -> list(move(pool(e.pool()), penalty(e.penaltyCase()), e.taken()));
            case PoolRewarded e -> list(move(clearing(e.epoch()), pool(e.pool()), e.amount()));
            // Stake from and to an account moves by the account's own event of the same order.
            case StakeDelegated e -> List.of();
            case StakeReleased e -> List.of();
            case RewardClaimed e -> List.of();
            case UnbondingStarted e -> List.of();
            case RedelegationReceived e -> List.of();
            case StakeLocked e -> List.of();
            case StakeFrozen e -> List.of();
            case StakeUnfrozen e -> List.of();
            case CommissionChangeAnnounced e -> List.of();
            case StakeCommitted e -> List.of();
            case CommitmentReleased e -> List.of();
            case PoolClosed e -> List.of();
        };
    }

    /** What accounts get moves by their own events of the same order. */
    private static List<Posting> penalties(CaseEvent event) {
        return switch (event) {
            case PenaltyExecuted e -> list(move(penalty(e.id()), TREASURY, treasury(e.shares())));
            case CaseOpened e -> List.of();
            case PenaltyRaised e -> List.of();
            case StayBegun e -> List.of();
            case CaseJudged e -> List.of();
            case AppealLodged e -> List.of();
            case AppealDecided e -> List.of();
            case CaseDismissed e -> List.of();
            case ReviewClosed e ->
                list(
                        move(TREASURY, penalty(e.id()), e.restituted()),
                        move(penalty(e.id()), TREASURY, treasury(e.shares())));
        };
    }

    private static Ath treasury(List<PenaltyShare> shares) {
        return Ath.sum(shares.stream()
                .filter(share -> share.to() == null)
                .map(PenaltyShare::amount)
                .toList());
    }

    private static List<Posting> epoch(EpochEvent event) {
        return switch (event) {
            case RewardsComputed e ->
                list(
                        move(reserve(Reserve.PROVIDER), clearing(e.epoch()), e.providerEmission()),
                        move(reserve(Reserve.CHECKER), clearing(e.epoch()), e.checkerEmission()),
                        move(clearing(e.epoch()), TREASURY, e.protocolFee()));
            case EpochOpened e -> List.of();
            case SettlementBatched e -> List.of();
            case SettlementAnchored e -> List.of();
            case EpochClosed e -> List.of();
            case WithdrawalsRooted e -> List.of();
            case WithdrawalsAnchored e -> List.of();
        };
    }

    private static List<Posting> protocol(ProtocolEvent event) {
        return switch (event) {
            case ReserveCredited e -> list(move(EXTERNAL, reserve(e.reserve()), e.amount()));
            case NetworkBegun e -> List.of();
            // The account's event of the same order pays it.
            case CommunityFundsGranted e -> List.of();
            case UpgradeAnnounced e -> List.of();
            case UpgradeActivated e -> List.of();
            case UpgradePostponed e -> List.of();
            case UpgradeCancelled e -> List.of();
            case CanariesCommitted e -> List.of();
            // The account's event of the same order pays it.
            case CanariesOpened e -> List.of();
            case NetworkPaused e -> List.of();
            case NodeRegistered e -> List.of();
            case ParametersScheduled e -> List.of();
            case ParametersActivated e -> List.of();
        };
    }

    private static Movement move(LedgerAccount from, LedgerAccount to, Ath amount) {
        return new Movement(from, to, amount);
    }

    private static List<Posting> list(Movement... movements) {
        return Arrays.stream(movements)
                .filter(m -> !m.amount.isZero())
                .map(m -> new Posting(m.from, m.to, m.amount))
                .toList();
    }

    /** A posting, or nothing where the amount is zero. */
    private record Movement(LedgerAccount from, LedgerAccount to, Ath amount) {}
}
