package io.athanor.domain.governance;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.Delegation;
import io.athanor.domain.stake.StakePool;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everybody's voting power at one point of the history: where a proposal was submitted. Stake that comes later has none.
 *
 * <p>Power is {@code stake · (1 + remaining lock / full lock)}, floored; unbonding stake has none. Invariant: {@code total}
 * is the sum of all own powers.
 */
public record PowerSnapshot(Map<Wallet, List<PowerLine>> lines, Ath total) {
    /** Before anything was staked. */
    public static final PowerSnapshot NONE = new PowerSnapshot(Map.of(), Ath.ZERO);

    public PowerSnapshot {
        lines = PersistentMap.copyOf(lines);
    }

    /**
     * @param day the settlement day, from which locks remain
     * @param fullLockDays the lock that doubles a weight
     */
    public static PowerSnapshot of(Map<PoolId, StakePool> pools, long day, int fullLockDays) {
        TreeMap<Wallet, List<PowerLine>> all = new TreeMap<>();
        Ath total = Ath.ZERO;
        for (Map.Entry<PoolId, StakePool> entry : new TreeMap<>(pools).entrySet()) {
            PoolId id = entry.getKey();
            StakePool pool = entry.getValue();
            Ath represented = Ath.ZERO;
            for (Map.Entry<Wallet, Delegation> part : pool.others().parts().entrySet()) {
                Ath power = weighted(pool.value(part.getKey()), part.getValue().lockedUntilDay() - day, fullLockDays);
                represented = represented.plus(power);
                add(all, part.getKey(), new PowerLine(id, power, Ath.ZERO));
            }
            Ath own = weighted(pool.selfBond(), pool.own().lockedUntilDay() - day, fullLockDays);
            add(all, id.operator(), new PowerLine(id, own, represented));
            total = total.plus(own).plus(represented);
        }
        return new PowerSnapshot(all, total);
    }

    private static void add(Map<Wallet, List<PowerLine>> all, Wallet wallet, PowerLine line) {
        if (!line.own().isZero() || !line.represented().isZero()) {
            all.computeIfAbsent(wallet, w -> new ArrayList<>()).add(line);
        }
    }

    static Ath weighted(Ath stake, long remainingDays, int fullLockDays) {
        long remaining = Math.clamp(remainingDays, 0, fullLockDays);
        return stake.share(BigInteger.valueOf(fullLockDays + remaining), BigInteger.valueOf(fullLockDays));
    }

    /** In pool order; empty for who had no stake then. */
    public List<PowerLine> of(Wallet wallet) {
        return lines.getOrDefault(wallet, List.of());
    }

    /** Its own power in all pools. */
    public Ath powerOf(Wallet wallet) {
        return Ath.sum(of(wallet).stream().map(PowerLine::own).toList());
    }
}
