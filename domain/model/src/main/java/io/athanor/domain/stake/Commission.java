package io.athanor.domain.stake;

import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.util.Map;

/**
 * What an operator keeps of its pool's rewards before its delegators, in basis points, and what it will keep when.
 *
 * <p>Invariant: a raise takes effect after its notice, at most {@code raisePerDayBps} above the day before and
 * {@code raisePerMonthBps} above the thirtieth day before; a cut takes effect the next day and drops announced raises.
 *
 * @param byDay the rate from each day on
 */
public record Commission(Map<Long, Integer> byDay) {
    /** Before an operator has said anything. */
    public static final int DEFAULT_BPS = 1_000;
    /** A rise of this much over the lowest rate of the last thirty days is shown as bait and switch. */
    static final int BAIT_BPS = 300;

    static final Commission NONE = new Commission(Map.of());

    public Commission {
        byDay = PersistentMap.copyOf(byDay);
    }

    /** The rate of a day. */
    public int at(long day) {
        int rate = DEFAULT_BPS;
        for (Map.Entry<Long, Integer> change : byDay.entrySet()) {
            rate = change.getKey() <= day ? change.getValue() : rate;
        }
        return rate;
    }

    /** The last rate that is announced. */
    int last() {
        return at(Long.MAX_VALUE);
    }

    /** Whether a raise is announced that is not in effect on this day: the time of free exit. */
    public boolean raiseAnnounced(long day) {
        return last() > at(day);
    }

    /** Whether the rate rises steeply over what attracted delegators within thirty days. */
    public boolean isBait(long day) {
        int lowest = at(day);
        for (long before = day - StakeRules.COMMISSION_WINDOW_DAYS; before < day; before++) {
            lowest = Math.min(lowest, at(before));
        }
        return last() - lowest >= BAIT_BPS;
    }

    /** From which day a new rate holds. Error: {@link Refused} COMMISSION_LIMIT. */
    long effectiveDay(int bps, StakeRules rules, long day, boolean hasDelegators) {
        var limits = rules.delegation();
        Refused.unless(
                bps >= limits.commissionMinBps() && bps <= limits.commissionMaxBps(),
                Reason.COMMISSION_LIMIT,
                "a commission lies in " + limits.commissionMinBps() + ".." + limits.commissionMaxBps()
                        + " basis points, is " + bps);
        if (!hasDelegators && byDay.isEmpty()) {
            return day;
        }
        if (bps <= at(day)) {
            return day + 1;
        }
        long from = day + limits.commissionNoticeDays();
        int dayBefore = at(from - 1);
        int monthBefore = at(from - StakeRules.COMMISSION_WINDOW_DAYS);
        Refused.unless(
                bps - dayBefore <= limits.commissionRaiseDayBps(),
                Reason.COMMISSION_LIMIT,
                "at most " + limits.commissionRaiseDayBps() + " basis points above the " + dayBefore
                        + " of the day before it takes effect");
        Refused.unless(
                bps - monthBefore <= limits.commissionRaiseMonthBps(),
                Reason.COMMISSION_LIMIT,
                "at most " + limits.commissionRaiseMonthBps() + " basis points above the " + monthBefore
                        + " of thirty days before it takes effect");
        return from;
    }

    /** The schedule with this change; what was announced for later is dropped. */
    Commission changed(long fromDay, int bps, long day) {
        PersistentMap<Long, Integer> kept = PersistentMap.empty();
        long oldest = day - 2L * StakeRules.COMMISSION_WINDOW_DAYS;
        for (Map.Entry<Long, Integer> change : byDay.entrySet()) {
            if (change.getKey() < fromDay && (change.getKey() >= oldest || byDay.size() == 1)) {
                kept = kept.with(change.getKey(), change.getValue());
            }
        }
        if (kept.isEmpty() && !byDay.isEmpty()) {
            kept = kept.with(oldest, at(oldest));
        }
        return new Commission(kept.with(fromDay, bps));
    }
}
