package io.athanor.domain.machine;

import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.protocol.Accountability.Standing;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How a machine has done, a settlement day at a time: probes that checkers' quorums found answered, and tasks that it kept or
 * lost by its own cause.
 *
 * <p>Invariant: a fold of verdicts and endings alone; shares and qualities lie in 0..1,000,000 (ppm); what nobody looked at
 * lowers nothing. The quality is {@code uptime^a * completion^b} with the exponents of {@link Standing}.
 *
 * @param days by their number, the newest {@link #DAYS_KEPT}
 */
public record Quality(Map<Long, Day> days) {
    /** How many days are kept. */
    public static final int DAYS_KEPT = 7;

    public static final Quality UNKNOWN = new Quality(Map.of());
    private static final long PPM = 1_000_000;

    public Quality {
        days = PersistentMap.copyOf(days);
    }

    /**
     * One settlement day.
     *
     * @param answered probes, of those {@code asked}
     * @param kept tasks that ended well or by their client's cause, and {@code failed} by the machine's
     */
    public record Day(long answered, long asked, int kept, int failed) {
        private static final Day NONE = new Day(0, 0, 0, 0);

        private Day plus(Day other) {
            return new Day(answered + other.answered, asked + other.asked, kept + other.kept, failed + other.failed);
        }

        /** In ppm; whole where nothing was asked or done. */
        public long ppm(List<Integer> exponents) {
            long uptime = asked == 0 ? PPM : answered * PPM / asked;
            long tasks = (long) kept + failed;
            long completion = tasks == 0 ? PPM : kept * PPM / tasks;
            return raised(uptime, exponents.get(0)) * raised(completion, exponents.get(1)) / PPM;
        }

        private static long raised(long ppm, int exponent) {
            BigInteger unit = BigInteger.valueOf(PPM);
            return BigInteger.valueOf(ppm)
                    .pow(exponent)
                    .multiply(unit)
                    .divide(unit.pow(exponent))
                    .longValueExact();
        }
    }

    public Quality probed(long day, long answered, long asked) {
        return with(day, old -> old.plus(new Day(answered, asked, 0, 0)));
    }

    public Quality kept(long day) {
        return with(day, old -> old.plus(new Day(0, 0, 1, 0)));
    }

    public Quality failed(long day) {
        return with(day, old -> old.plus(new Day(0, 0, 0, 1)));
    }

    private Quality with(long day, UnaryOperator<Day> change) {
        PersistentMap<Long, Day> all = PersistentMap.copyOf(days);
        for (Long old : days.keySet()) {
            all = old <= day - DAYS_KEPT ? all.without(old) : all;
        }
        return new Quality(all.with(day, change.apply(all.getOrDefault(day, Day.NONE))));
    }

    /** Over the newest {@code suspendDays} days, in ppm. */
    public long ppm(Standing rules, long day) {
        Day sum = Day.NONE;
        for (Map.Entry<Long, Day> each : days.entrySet()) {
            sum = each.getKey() > day - rules.suspendDays() && each.getKey() <= day ? sum.plus(each.getValue()) : sum;
        }
        return sum.ppm(rules.exponents());
    }

    /** Whether it does less than {@code throttlePpm} of what its tier promises. */
    public boolean isThrottled(Standing rules, long tierPpm, long day) {
        return ppm(rules, day) < tierPpm * rules.throttlePpm() / PPM;
    }

    /** What counts in a placement's score: the quality, and half of it where the machine is throttled. */
    public long offered(Standing rules, long tierPpm, long day) {
        long ppm = ppm(rules, day);
        return isThrottled(rules, tierPpm, day) ? ppm / 2 : ppm;
    }
}
