package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.FundsStaked;
import io.athanor.domain.account.AccountEvent.StakeReturned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.OfferStake;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand;
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
import io.athanor.domain.stake.StakeRules;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Decides every movement of stake again from the pool's state and the parameters of its time, holds what the account says
 * of it against what the pool says, and compares each pool with its ledger account when an epoch closes.
 */
final class StakeCheck implements Check {
    /** What went between an account and a pool without the other side having said so yet, in wei. */
    private final Map<Transfer, Ath> toPool = new HashMap<>();

    private final Map<Transfer, Ath> fromPool = new HashMap<>();

    private record Transfer(PoolId pool, Wallet wallet) {}

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case StakePoolEvent e -> pool(before, e, problem);
            case FundsStaked e -> toPool.merge(new Transfer(e.pool(), e.wallet()), e.amount(), Ath::plus);
            case StakeReturned e -> take(fromPool, new Transfer(e.pool(), e.wallet()), e.amount(), problem);
            case EpochClosed e -> compare(before, problem);
            case OfferListed e ->
                offered(before, e.machine(), before.machine(e.machine()).score(), "offer", problem);
            case MachineCertified e
            when before.machine(e.machine()).price() != null ->
                offered(before, e.machine(), e.score(), "certificate", problem);
            default -> {
                // Not stake.
            }
        }
    }

    private void pool(World before, StakePoolEvent event, Consumer<String> problem) {
        switch (event) {
            case StakeDelegated e -> take(toPool, new Transfer(e.pool(), e.delegator()), e.amount(), problem);
            case StakeReleased e -> give(new Transfer(e.pool(), e.delegator()), e.amount());
            case RewardClaimed e -> give(new Transfer(e.pool(), e.delegator()), e.amount());
            default -> {
                // Between pools, cases and clearing: the ledger's postings say it all.
            }
        }
        NetworkBegun network = before.protocol.network();
        if (network != null) {
            ProtocolParameters parameters = before.protocol.current().parameters();
            long day = StakeRules.day(event.at(), network.genesis(), parameters.timing());
            StakePoolCommand command = command(event, StakeRules.of(parameters), day);
            decide(EarlierRules.pool(before, event), command, event, problem);
        }
    }

    /** The stake behind a machine on offer is committed right before its price or certificate, in the same order. */
    private static void offered(World before, MachineId id, long score, String what, Consumer<String> problem) {
        Machine machine = before.machine(id);
        Inventory inventory = machine.inventory();
        Wallet provider = machine.provider();
        if (inventory == null || provider == null || before.protocol.network() == null) {
            return;
        }
        Ath required =
                OfferStake.required(inventory, score, before.protocol.current().parameters());
        Ath committed = before.pools
                .getOrDefault(PoolId.ofProvider(provider), StakePool.EMPTY)
                .own()
                .committed()
                .getOrDefault(id, Ath.ZERO);
        if (!committed.covers(required)) {
            problem.accept("the " + what + " requires " + required.display() + " of its provider's own stake, "
                    + committed.display() + " is committed to it");
        }
    }

    private void give(Transfer transfer, Ath amount) {
        fromPool.merge(transfer, amount, Ath::plus);
    }

    private static void take(Map<Transfer, Ath> open, Transfer transfer, Ath amount, Consumer<String> problem) {
        Ath due = open.getOrDefault(transfer, Ath.ZERO);
        if (!due.covers(amount)) {
            problem.accept("account and pool disagree on what moved between " + transfer.wallet() + " and "
                    + transfer.pool() + ": " + amount + ", " + due + " on the other side");
            return;
        }
        open.put(transfer, due.minus(amount));
    }

    private static void decide(
            StakePool state, StakePoolCommand command, StakePoolEvent recorded, Consumer<String> problem) {
        try {
            List<StakePoolEvent> decided = state.decide(command);
            if (!decided.equals(List.of(recorded))) {
                problem.accept("the pool decides " + decided + " here");
            }
        } catch (Refused refused) {
            problem.accept("the pool refuses this: " + refused.detail());
        }
    }

    /** The order that must have led to the event. */
    private static StakePoolCommand command(StakePoolEvent event, StakeRules rules, long day) {
        Instant at = event.at();
        return switch (event) {
            case StakeDelegated e ->
                new StakePoolCommand.Delegate(e.pool(), e.delegator(), e.amount(), rules, day, e.authorization(), at);
            case UnbondingStarted e ->
                new StakePoolCommand.StartUnbonding(
                        e.pool(), e.delegator(), e.asked(), rules, day, e.authorization(), at);
            case StakeReleased e ->
                new StakePoolCommand.ReleaseStake(e.pool(), e.delegator(), e.cohort(), e.amount(), day, at);
            case StakeRedelegated e ->
                new StakePoolCommand.Redelegate(
                        e.pool(), e.delegator(), e.to(), e.amount(), rules, day, e.authorization(), at);
            case RedelegationReceived e ->
                new StakePoolCommand.ReceiveRedelegation(e.pool(), e.delegator(), e.from(), e.amount(), rules, day, at);
            case StakeLocked e ->
                new StakePoolCommand.LockStake(e.pool(), e.delegator(), e.untilDay(), day, e.authorization(), at);
            case RewardClaimed e ->
                new StakePoolCommand.ClaimReward(e.pool(), e.delegator(), e.amount(), e.authorization(), at);
            case CommissionChangeAnnounced e ->
                new StakePoolCommand.SetCommission(e.pool(), e.toBps(), rules, day, e.authorization(), at);
            case PoolSlashed e ->
                new StakePoolCommand.SlashPool(e.pool(), e.penaltyCase(), e.asked(), e.offenceDay(), at);
            case RedelegationSlashed e ->
                new StakePoolCommand.SlashRedelegated(
                        e.pool(), e.penaltyCase(), e.from(), e.delegator(), e.taken(), at);
            case StakeFrozen e ->
                new StakePoolCommand.FreezeStake(e.pool(), e.penaltyCase(), e.amount(), e.offenceDay(), at);
            case StakeUnfrozen e -> new StakePoolCommand.UnfreezeStake(e.pool(), e.penaltyCase(), at);
            case PoolRewarded e -> new StakePoolCommand.RewardPool(e.pool(), e.epoch(), e.day(), e.amount(), at);
            case StakeCommitted e -> new StakePoolCommand.CommitStake(e.pool(), e.machine(), e.amount(), at);
            case CommitmentReleased e -> new StakePoolCommand.ReleaseCommitment(e.pool(), e.machine(), at);
            case PoolClosed e -> new StakePoolCommand.ClosePool(e.pool(), at);
            case StakeBonded e ->
                new StakePoolCommand.CreditBond(e.pool(), e.number(), e.amount(), e.transaction(), e.block(), at);
        };
    }

    private static void compare(World before, Consumer<String> problem) {
        before.pools.forEach((id, pool) -> {
            if (!before.balances
                    .balance(LedgerAccount.pool(id))
                    .equals(pool.total().wei())) {
                problem.accept("pool " + id + " has " + pool.total() + ", its ledger account "
                        + before.balances.balance(LedgerAccount.pool(id)));
            }
        });
    }
}
