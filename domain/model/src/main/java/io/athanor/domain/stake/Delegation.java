package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PersistentMap;
import java.math.BigInteger;
import java.util.Map;

/**
 * One delegator's part of a pool.
 *
 * <p>Invariant: {@code fresh} is part of {@code shares}; {@code accrued} is settled up to the pool's reward index
 * {@code index}.
 *
 * @param shares of the pool's delegated stake, of the pool's {@code generation}
 * @param fresh those of them that earn only from the day after the one that they stand under
 * @param index the pool's cumulative reward a share, in ray, up to which rewards are settled
 * @param accrued settled and unclaimed rewards, in wei
 * @param lockedUntilDay before which it does not leave
 * @param hopUntilDay until when some of it came by redelegation and may not go on
 * @param unbonding shares of cohorts that are on their way out
 */
public record Delegation(
        BigInteger shares,
        int generation,
        Map<Long, BigInteger> fresh,
        BigInteger index,
        Ath accrued,
        long lockedUntilDay,
        long hopUntilDay,
        Map<Long, BigInteger> unbonding) {
    public Delegation {
        fresh = PersistentMap.copyOf(fresh);
        unbonding = PersistentMap.copyOf(unbonding);
    }

    static Delegation none(int generation, BigInteger index) {
        return new Delegation(BigInteger.ZERO, generation, Map.of(), index, Ath.ZERO, 0, 0, Map.of());
    }

    /** Those that earn already. */
    BigInteger earning() {
        return shares.subtract(sum(fresh));
    }

    static BigInteger sum(Map<?, BigInteger> parts) {
        return parts.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    Delegation settled(int nowGeneration, BigInteger nowIndex, Ath nowAccrued, Map<Long, BigInteger> stillFresh) {
        BigInteger left = generation == nowGeneration ? shares : BigInteger.ZERO;
        Map<Long, BigInteger> leftFresh = generation == nowGeneration ? stillFresh : Map.of();
        return new Delegation(
                left, nowGeneration, leftFresh, nowIndex, nowAccrued, lockedUntilDay, hopUntilDay, unbonding);
    }

    Delegation joined(BigInteger minted, long day) {
        return withShares(shares.add(minted), plus(fresh, day, minted));
    }

    /** The newest go first, so that what leaves costs as little reward as it may. */
    Delegation left(BigInteger burned) {
        PersistentMap<Long, BigInteger> kept = PersistentMap.copyOf(fresh);
        BigInteger rest = burned;
        for (Long day :
                fresh.keySet().stream().sorted((a, b) -> Long.compare(b, a)).toList()) {
            BigInteger part = kept.getOrDefault(day, BigInteger.ZERO);
            BigInteger taken = part.min(rest);
            rest = rest.subtract(taken);
            kept = taken.equals(part) ? kept.without(day) : kept.with(day, part.subtract(taken));
        }
        return withShares(shares.subtract(burned), kept);
    }

    private Delegation withShares(BigInteger all, Map<Long, BigInteger> freshOnes) {
        return new Delegation(all, generation, freshOnes, index, accrued, lockedUntilDay, hopUntilDay, unbonding);
    }

    Delegation withUnbonding(long cohort, BigInteger part) {
        PersistentMap<Long, BigInteger> all = PersistentMap.copyOf(unbonding);
        Map<Long, BigInteger> next = part.signum() == 0 ? all.without(cohort) : all.with(cohort, part);
        return new Delegation(shares, generation, fresh, index, accrued, lockedUntilDay, hopUntilDay, next);
    }

    Delegation joinedCohort(long cohort, BigInteger minted) {
        return withUnbonding(
                cohort, unbonding.getOrDefault(cohort, BigInteger.ZERO).add(minted));
    }

    Delegation locked(long untilDay) {
        return new Delegation(shares, generation, fresh, index, accrued, untilDay, hopUntilDay, unbonding);
    }

    Delegation boundUntil(long day) {
        return new Delegation(
                shares, generation, fresh, index, accrued, lockedUntilDay, Math.max(day, hopUntilDay), unbonding);
    }

    Delegation paid(Ath amount) {
        return new Delegation(
                shares, generation, fresh, index, accrued.minus(amount), lockedUntilDay, hopUntilDay, unbonding);
    }

    /** Whether nothing is left that anybody could ask for. */
    boolean isGone() {
        return shares.signum() == 0 && unbonding.isEmpty() && accrued.isZero();
    }

    private static PersistentMap<Long, BigInteger> plus(Map<Long, BigInteger> map, long day, BigInteger part) {
        PersistentMap<Long, BigInteger> copy = PersistentMap.copyOf(map);
        return copy.with(day, copy.getOrDefault(day, BigInteger.ZERO).add(part));
    }
}
