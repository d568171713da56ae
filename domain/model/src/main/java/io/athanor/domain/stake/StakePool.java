package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.State;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.Cohort.Kind;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bonded ATH of one operator and of those who delegate to it.
 *
 * <p>Invariant: {@link #total} is what the ledger's account of the pool holds, to the wei; the sum of all parts' values and
 * rewards never passes it, and the last one out takes what rounding left. A slash, a reward and a change of commission
 * cost the same for any number of delegators. Amounts in wei, days as {@link StakeRules#day} counts them.
 *
 * @param lastEpoch the newest epoch whose reward was taken, -1 before the first
 * @param closed whether the operator was cut off
 */
public record StakePool(
        Own own, Others others, Leaving leaving, Risk risk, Commission commission, long lastEpoch, boolean closed)
        implements State<StakePool, StakePoolCommand, StakePoolEvent> {
    public static final StakePool EMPTY = new StakePool(
            new Own(Ath.ZERO, 0, 0, Map.of()),
            new Others(Ath.ZERO, BigInteger.ZERO, RewardIndex.NONE, Map.of()),
            new Leaving(Map.of(), 1, Map.of()),
            new Risk(Map.of(), Set.of(), null),
            Commission.NONE,
            -1,
            false);

    /**
     * The operator's own.
     *
     * @param lastBond the newest credited bond's number at the vault
     * @param committed what machines on offer were required to have, each at the requirement of its time
     */
    public record Own(Ath bond, long lastBond, long lockedUntilDay, Map<MachineId, Ath> committed) {
        public Own {
            committed = PersistentMap.copyOf(committed);
        }

        Own withBond(Ath amount) {
            return new Own(amount, lastBond, lockedUntilDay, committed);
        }

        public Ath required() {
            return Ath.sum(committed.values());
        }
    }

    /** What others delegated: {@code stake} owned by {@code shares} ({@link Shares}), and its rewards. */
    public record Others(Ath stake, BigInteger shares, RewardIndex rewards, Map<Wallet, Delegation> parts) {
        public Others {
            parts = PersistentMap.copyOf(parts);
        }

        Others with(Wallet delegator, Delegation part) {
            PersistentMap<Wallet, Delegation> all = PersistentMap.copyOf(parts);
            return new Others(
                    stake, shares, rewards, part.isGone() ? all.without(delegator) : all.with(delegator, part));
        }

        Others withStake(Ath amount, BigInteger all) {
            return new Others(amount, all, rewards, parts);
        }

        Others withRewards(RewardIndex index) {
            return new Others(stake, shares, index, parts);
        }
    }

    /**
     * Stake on its way out, by cohort.
     *
     * @param moved redelegations that still answer here, by {@link Redelegation#key}
     */
    public record Leaving(Map<Long, Cohort> cohorts, long next, Map<String, Redelegation> moved) {
        public Leaving {
            cohorts = PersistentMap.copyOf(cohorts);
            moved = PersistentMap.copyOf(moved);
        }

        Leaving with(Cohort cohort) {
            PersistentMap<Long, Cohort> all = PersistentMap.copyOf(cohorts);
            return new Leaving(
                    cohort.isEmpty() ? all.without(cohort.number()) : all.with(cohort.number(), cohort),
                    Math.max(next, cohort.number() + 1),
                    moved);
        }

        Leaving with(Redelegation move) {
            PersistentMap<String, Redelegation> all = PersistentMap.copyOf(moved);
            Redelegation before = all.get(move.key());
            Redelegation after = before == null ? move : before.joined(move.shares());
            return new Leaving(cohorts, next, all.with(move.key(), after));
        }

        /** Forgets redelegations that have matured: nothing can be collected of them any more. */
        Leaving without(long maturedOn) {
            PersistentMap<Long, Cohort> kept = PersistentMap.copyOf(cohorts);
            PersistentMap<String, Redelegation> keptMoves = PersistentMap.copyOf(moved);
            for (Cohort cohort : cohorts.values()) {
                if (cohort.kind() == Kind.REDELEGATED && cohort.matureDay() <= maturedOn) {
                    kept = kept.without(cohort.number());
                }
            }
            for (Redelegation move : moved.values()) {
                keptMoves = kept.containsKey(move.cohort()) ? keptMoves : keptMoves.without(move.key());
            }
            return new Leaving(kept, next, keptMoves);
        }

        /** The cohort that stake which begins to leave now joins. */
        Cohort taking(Kind kind, long day, long matureDay) {
            for (Cohort cohort : cohorts.values()) {
                if (cohort.takes(kind, day, matureDay)) {
                    return cohort;
                }
            }
            return Cohort.begun(next, kind, day, matureDay);
        }

        /** Those whose stake answers for an offence of this day. */
        List<Cohort> answering(long offenceDay) {
            return cohorts.values().stream()
                    .filter(cohort -> cohort.day() >= offenceDay)
                    .toList();
        }
    }

    /** What an open case may take. */
    public record Freeze(Ath amount, long offenceDay) {}

    /**
     * @param slashed what was executed, so that a repeat takes nothing
     * @param ended cases whose freeze was taken back, so that a repeat freezes nothing; null before the first
     */
    public record Risk(
            Map<CaseId, Freeze> frozen,
            Set<String> slashed,
            @Nullable Set<String> ended) {
        public Risk {
            frozen = PersistentMap.copyOf(frozen);
            slashed = Set.copyOf(slashed);
            ended = ended == null || ended.isEmpty() ? null : Set.copyOf(ended);
        }

        /** Whether the case is over for this pool. */
        boolean isOver(CaseId id) {
            return slashed.contains(id.toString()) || ended != null && ended.contains(id.toString());
        }

        Risk with(CaseId id, Freeze freeze) {
            return new Risk(PersistentMap.copyOf(frozen).with(id, freeze), slashed, ended);
        }

        Risk unfrozen(CaseId id) {
            Set<String> all = new HashSet<>(ended == null ? Set.of() : ended);
            all.add(id.toString());
            return new Risk(PersistentMap.copyOf(frozen).without(id), slashed, all);
        }

        Risk without(CaseId id) {
            return new Risk(PersistentMap.copyOf(frozen).without(id), slashed, ended);
        }

        Risk executed(String key) {
            Set<String> all = new HashSet<>(slashed);
            all.add(key);
            return new Risk(frozen, all, ended);
        }
    }

    @Override
    public List<StakePoolEvent> decide(StakePoolCommand command) {
        return new PoolDecisions(this).decide(command);
    }

    @Override
    public StakePool evolve(StakePoolEvent event) {
        return PoolEvolution.evolve(this, event);
    }

    /** The operator's own active stake. */
    public Ath selfBond() {
        return own.bond();
    }

    /** What others have actively delegated. */
    public Ath delegated() {
        return others.stake();
    }

    /** Everything in the pool: active, unbonding, and unclaimed rewards. */
    public Ath total() {
        Ath sum = own.bond().plus(others.stake()).plus(others.rewards().pot());
        for (Cohort cohort : leaving.cohorts().values()) {
            sum = sum.plus(cohort.held());
        }
        return sum;
    }

    public @Nullable Delegation delegation(Wallet delegator) {
        return others.parts().get(delegator);
    }

    /** What a delegator's active stake is worth. */
    public Ath value(Wallet delegator) {
        Delegation part = delegation(delegator);
        boolean current = part != null && part.generation() == others.rewards().generation();
        return part == null || !current ? Ath.ZERO : Shares.value(part.shares(), others.stake(), others.shares());
    }

    /** The delegated stake that earns on a settlement day: what came before it. */
    public Ath earning(long day) {
        return Shares.value(others.rewards().earning(others.shares(), day), others.stake(), others.shares());
    }

    /** A delegator's unclaimed rewards. */
    public Ath pendingReward(Wallet delegator) {
        Delegation part = delegation(delegator);
        return part == null ? Ath.ZERO : others.rewards().pending(part);
    }

    /** What a delegator, or the operator, has in a cohort; the last one in it has all of it. */
    public Ath unbondingValue(PoolId pool, Wallet delegator, long cohortNumber) {
        Cohort cohort = leaving.cohorts().get(cohortNumber);
        if (cohort == null) {
            return Ath.ZERO;
        }
        if (delegator.equals(pool.operator())) {
            return cohort.self();
        }
        Delegation part = delegation(delegator);
        BigInteger owned =
                part == null ? BigInteger.ZERO : part.unbonding().getOrDefault(cohortNumber, BigInteger.ZERO);
        return owned.equals(cohort.shares()) ? cohort.stake() : cohort.value(owned);
    }

    /** What a slash for an offence of this day can take at most. */
    public Ath atRisk(long offenceDay) {
        Ath sum = selfAtRisk(offenceDay).plus(others.stake());
        for (Cohort cohort : leaving.answering(offenceDay)) {
            sum = sum.plus(cohort.stake());
        }
        return sum;
    }

    Ath selfAtRisk(long offenceDay) {
        Ath sum = own.bond();
        for (Cohort cohort : leaving.answering(offenceDay)) {
            sum = sum.plus(cohort.self());
        }
        return sum;
    }

    /** Whether an open case holds a cohort back: the operator's part always, the others' where it may reach them. */
    public boolean isHeld(Cohort cohort, boolean operatorsPart) {
        Ath claimed = Ath.ZERO;
        long newest = Long.MIN_VALUE;
        for (Freeze freeze : risk.frozen().values()) {
            if (freeze.offenceDay() <= cohort.day()) {
                claimed = claimed.plus(freeze.amount());
                newest = Math.max(newest, freeze.offenceDay());
            }
        }
        return !claimed.isZero() && (operatorsPart || !selfAtRisk(newest).covers(claimed));
    }
}
