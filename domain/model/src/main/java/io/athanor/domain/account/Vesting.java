package io.athanor.domain.account;

import io.athanor.domain.account.AccountCommand.SlashVesting;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Emission that an account earned and may not spend yet.
 *
 * <p>With C(d) the cumulative credit at the end of settlement day d and v the vesting days, {@code floor(0.3 · C(d)) +
 * floor(0.3 · C(d − v/2)) + (C(d − v) − 2 · floor(0.3 · C(d − v)))} is free: three tenths at once, three tenths halfway,
 * the rest at the end. Invariant: what was freed never falls and never passes what was credited. Source: Aethir's vesting
 * of 30 % at once, 30 % after 90 and 40 % after 180 days.
 *
 * @param credited C at the end of each day that added to it; days before the newest matured one are dropped
 * @param freed so far, in wei
 * @param days of the newest credit
 * @param lastEpoch the newest epoch that was credited, -1 before the first
 * @param slashed the cases that took of it
 */
public record Vesting(Map<Long, Ath> credited, Ath freed, int days, long lastEpoch, Set<CaseId> slashed) {
    static final Vesting NONE = new Vesting(Map.of(), Ath.ZERO, 0, -1, Set.of());
    private static final int PART_BPS = 3_000;

    public Vesting {
        credited = PersistentMap.copyOf(credited);
        slashed = Set.copyOf(slashed);
    }

    /** What is still locked, in wei. */
    public Ath locked() {
        return upTo(Long.MAX_VALUE).minus(freed);
    }

    /** What may be freed on a day, in wei. */
    public Ath due(long day) {
        Ath full = upTo(day - days);
        Ath free = upTo(day)
                .bps(PART_BPS)
                .plus(upTo(day - days / 2).bps(PART_BPS))
                .plus(full.minus(full.bps(PART_BPS).times(2)))
                .min(upTo(Long.MAX_VALUE));
        return free.covers(freed) ? free.minus(freed) : Ath.ZERO;
    }

    private Ath upTo(long day) {
        Ath most = Ath.ZERO;
        for (Map.Entry<Long, Ath> entry : credited.entrySet()) {
            most = entry.getKey() <= day ? most.max(entry.getValue()) : most;
        }
        return most;
    }

    Vesting credited(Ath amount, long day, int vestingDays, long epoch) {
        if (amount.isZero()) {
            return new Vesting(credited, freed, days, Math.max(epoch, lastEpoch), slashed);
        }
        PersistentMap<Long, Ath> all = PersistentMap.copyOf(credited);
        all = all.with(day, upTo(Long.MAX_VALUE).plus(amount));
        long base = Long.MIN_VALUE;
        for (Long known : all.keySet()) {
            base = known <= day - vestingDays ? Math.max(base, known) : base;
        }
        for (Long known : credited.keySet()) {
            all = known < base ? all.without(known) : all;
        }
        return new Vesting(all, freed, vestingDays, epoch, slashed);
    }

    Vesting released(Ath amount) {
        return new Vesting(credited, freed.plus(amount), days, lastEpoch, slashed);
    }

    /** Frees what is due, then takes at most what is locked; once a case. */
    List<AccountEvent> slash(SlashVesting c) {
        if (slashed.contains(c.penaltyCase())) {
            return List.of();
        }
        Ath due = due(c.day());
        Ath taken = c.asked().min(locked().minus(due));
        VestingSlashed slash = new VestingSlashed(c.wallet(), c.penaltyCase(), c.asked(), c.day(), taken, c.at());
        return due.isZero() ? List.of(slash) : List.of(freed(c.wallet(), c.day(), due, c.at()), slash);
    }

    EarningsVested freed(Wallet wallet, long day, Ath due, Instant at) {
        return new EarningsVested(wallet, lastEpoch, day, days, Ath.ZERO, due, at);
    }

    /**
     * After a case took of what is locked: as if the newest credits had been less. What of them was free already stays, and
     * counts towards what older ones free.
     */
    Vesting without(CaseId penaltyCase, Ath taken) {
        Ath left = upTo(Long.MAX_VALUE).minus(taken);
        PersistentMap<Long, Ath> all = PersistentMap.copyOf(credited);
        for (Map.Entry<Long, Ath> entry : credited.entrySet()) {
            all = left.covers(entry.getValue()) ? all : all.with(entry.getKey(), left);
        }
        Set<CaseId> cases = new HashSet<>(slashed);
        cases.add(penaltyCase);
        return new Vesting(all, freed, days, lastEpoch, cases);
    }
}
