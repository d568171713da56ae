package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PersistentMap;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a pool shares rewards among any number of delegators in one step: a cumulative reward a share, in ray (10^-27 wei).
 *
 * <p>Invariant: {@code pot} covers every unclaimed reward and {@code carry}; what division leaves over is carried to the
 * next reward. Shares delegated on a day earn from the next day on. Source: Synthetix' StakingRewards, in ray.
 *
 * @param ray cumulative reward a share
 * @param pot unclaimed, in wei
 * @param carry the part of it that belongs to nobody yet
 * @param fresh shares that do not earn yet, by the day they came
 * @param atDay the index from which shares that came on a day earn
 * @param finals the index at which each former generation of shares ended
 * @param lastDay the newest day that was rewarded; shares that come later stand under no earlier day
 */
public record RewardIndex(
        BigInteger ray,
        Ath pot,
        Ath carry,
        Map<Long, BigInteger> fresh,
        Map<Long, BigInteger> atDay,
        List<BigInteger> finals,
        long lastDay) {
    public static final BigInteger RAY = BigInteger.TEN.pow(27);
    static final RewardIndex NONE =
            new RewardIndex(BigInteger.ZERO, Ath.ZERO, Ath.ZERO, Map.of(), Map.of(), List.of(), Long.MIN_VALUE);

    public RewardIndex {
        fresh = PersistentMap.copyOf(fresh);
        atDay = PersistentMap.copyOf(atDay);
        finals = List.copyOf(finals);
    }

    /** Which of the pool's shares are current: one more each time that all of them were slashed to nothing. */
    int generation() {
        return finals.size();
    }

    /** A delegator's unclaimed rewards, in wei. */
    Ath pending(Delegation delegation) {
        BigInteger end = delegation.generation() == generation() ? ray : finals.get(delegation.generation());
        BigInteger sum = delegation.earning().multiply(end.subtract(delegation.index()));
        for (Map.Entry<Long, BigInteger> part : delegation.fresh().entrySet()) {
            BigInteger from = atDay.getOrDefault(part.getKey(), end);
            sum = sum.add(part.getValue().multiply(end.subtract(from).max(BigInteger.ZERO)));
        }
        return delegation.accrued().plus(new Ath(sum.divide(RAY)));
    }

    /** The delegation as of now: its rewards accrued, and shares of days gone by earning like the others. */
    Delegation settled(Delegation delegation) {
        PersistentMap<Long, BigInteger> still = PersistentMap.copyOf(delegation.fresh());
        for (Long day : delegation.fresh().keySet()) {
            still = atDay.containsKey(day) ? still.without(day) : still;
        }
        return delegation.settled(generation(), ray, pending(delegation), still);
    }

    RewardIndex joined(BigInteger minted, long day) {
        PersistentMap<Long, BigInteger> all = PersistentMap.copyOf(fresh);
        BigInteger more = all.getOrDefault(day, BigInteger.ZERO).add(minted);
        return new RewardIndex(ray, pot, carry, all.with(day, more), atDay, finals, lastDay);
    }

    /** The delegation's fresh shares became fewer. */
    RewardIndex left(Delegation before, Delegation after) {
        PersistentMap<Long, BigInteger> all = PersistentMap.copyOf(fresh);
        for (Map.Entry<Long, BigInteger> part : before.fresh().entrySet()) {
            BigInteger kept = after.fresh().getOrDefault(part.getKey(), BigInteger.ZERO);
            BigInteger rest = all.getOrDefault(part.getKey(), BigInteger.ZERO)
                    .subtract(part.getValue())
                    .add(kept);
            all = rest.signum() <= 0 ? all.without(part.getKey()) : all.with(part.getKey(), rest);
        }
        return new RewardIndex(ray, pot, carry, all, atDay, finals, lastDay);
    }

    /** How many of the pool's shares earn on a day. */
    BigInteger earning(BigInteger shares, long day) {
        BigInteger young = BigInteger.ZERO;
        for (Map.Entry<Long, BigInteger> part : fresh.entrySet()) {
            young = part.getKey() >= day ? young.add(part.getValue()) : young;
        }
        return shares.subtract(young);
    }

    /** A reward of a day for all shares that were there before it. */
    RewardIndex rewarded(Ath amount, long day, BigInteger shares) {
        RewardIndex ripe = ripened(day);
        BigInteger earning = shares.subtract(Delegation.sum(ripe.fresh));
        Ath all = carry.plus(amount);
        if (earning.signum() <= 0) {
            return new RewardIndex(ray, pot.plus(amount), all, ripe.fresh, ripe.atDay, finals, ripe.lastDay);
        }
        BigInteger step = all.wei().multiply(RAY).divide(earning);
        BigInteger[] given = step.multiply(earning).divideAndRemainder(RAY);
        Ath used = new Ath(given[1].signum() == 0 ? given[0] : given[0].add(BigInteger.ONE));
        return new RewardIndex(
                ray.add(step), pot.plus(amount), all.minus(used), ripe.fresh, ripe.atDay, finals, ripe.lastDay);
    }

    /** Shares that came before the day earn from the present index on. */
    private RewardIndex ripened(long day) {
        PersistentMap<Long, BigInteger> young = PersistentMap.copyOf(fresh);
        PersistentMap<Long, BigInteger> from = PersistentMap.copyOf(atDay);
        for (Long came : fresh.keySet()) {
            if (came < day) {
                young = young.without(came);
                from = from.with(came, ray);
            }
        }
        return new RewardIndex(ray, pot, carry, young, from, finals, Math.max(lastDay, day));
    }

    /** Under which day shares that come now stand. */
    long dayOfArrival(long day) {
        return Math.max(day, lastDay);
    }

    /** What belongs to nobody joins the next reward. */
    RewardIndex carried(Ath amount) {
        return new RewardIndex(ray, pot.plus(amount), carry.plus(amount), fresh, atDay, finals, lastDay);
    }

    RewardIndex claimed(Ath amount) {
        return new RewardIndex(ray, pot.minus(amount), carry, fresh, atDay, finals, lastDay);
    }

    /** All shares are worth nothing: the next delegation begins a new generation. */
    RewardIndex wiped() {
        List<BigInteger> ends = new ArrayList<>(finals);
        ends.add(ray);
        return new RewardIndex(ray, pot, carry, Map.of(), atDay, ends, lastDay);
    }
}
