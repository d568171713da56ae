package io.athanor.domain.machine;

import io.athanor.domain.common.PersistentMap;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.ProtocolParameters;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a machine has done, a settlement day at a time: probes that checkers' quorums found answered, tasks that it kept or
 * lost by its own cause, how soon they ran, and how far away it was beside its neighbours.
 *
 * <p>Invariant: a fold of verdicts, absences, starts and endings alone, of work for others; shares and qualities lie in
 * 0..1,000,000 (ppm); what nobody looked at lowers nothing. The quality is
 * {@code uptime^a * completion^b * latency^c * response^d} with the exponents of {@link Standing}.
 *
 * @param days by their number, the newest {@link #DAYS_KEPT} on which there was anything
 */
public record Quality(Map<Long, Day> days) {
    /** How many days are kept: a week, the running day, and two whose books are still open. */
    public static final int DAYS_KEPT = 10;

    private static final int DAYS_OPEN = 3;

    public static final Quality UNKNOWN = new Quality(Map.of());
    private static final long PPM = 1_000_000;
    private static final int MEDIAN_DAYS = 7;

    public Quality {
        days = PersistentMap.copyOf(days);
    }

    /**
     * One settlement day.
     *
     * @param answered probes, of those {@code asked}; of a machine that is away nobody asks, and the probes count as asked
     * @param kept tasks that ended well or by their client's cause
     * @param failed tasks that it did not deliver, and leases that it lost by its own cause while it was there
     * @param lost leases that it lost by going away; in networks of the first version every one that it lost by its cause
     * @param starts the agreed time to the start of a task over the time that it took; null where none started
     * @param latency what a neighbour's round trip takes over what this machine's took; null where nobody compared
     */
    public record Day(
            long answered,
            long asked,
            int kept,
            int failed,
            int lost,
            @Nullable Ratios starts,
            @Nullable Ratios latency) {
        private static final Day NONE = new Day(0, 0, 0, 0);
        /** A twentieth of fewer rounds is no round. */
        private static final int LEAST_ROUNDS = 20;
        /** Of one task or two that failed nobody can say why. */
        private static final int LEAST_FAILURES = 5;

        public Day(long answered, long asked, int kept, int failed) {
            this(answered, asked, kept, failed, 0, null, null);
        }

        private Day plus(Day other) {
            return new Day(
                    answered + other.answered,
                    asked + other.asked,
                    kept + other.kept,
                    failed + other.failed,
                    lost + other.lost,
                    sum(starts, other.starts),
                    sum(latency, other.latency));
        }

        private static @Nullable Ratios sum(@Nullable Ratios one, @Nullable Ratios other) {
            return one == null ? other : other == null ? one : one.plus(other);
        }

        /** The parts; whole where nothing was asked, done or compared. */
        public Parts parts() {
            return parts(null);
        }

        /** @param idlePpm completion of a machine that did nothing; null where it is whole */
        private Parts parts(@Nullable Long idlePpm) {
            return new Parts(
                    asked == 0 ? PPM : answered * PPM / asked,
                    tasks() == 0 ? (idlePpm == null ? PPM : idlePpm) : kept * PPM / tasks(),
                    latency == null || latency.samples() < LEAST_ROUNDS
                            ? PPM
                            : latency.ppmAt(latency.samples() / LEAST_ROUNDS),
                    starts == null ? PPM : starts.ppmAt(starts.samples() / 2));
        }

        private int tasks() {
            return kept + failed + lost;
        }

        /** As if it had not gone away with leases: what follows from that is a case's. A few failures are bad luck. */
        private Day withoutLosses(Standing rules) {
            boolean few = rules.lookedPpm() != null && failed < LEAST_FAILURES;
            return new Day(answered, asked, kept, few ? 0 : failed, 0, starts, latency);
        }

        /** In ppm. */
        public long ppm(List<Integer> exponents) {
            return parts().ppm(exponents);
        }
    }

    /** The parts of a quality, each in ppm: the latency is the 95th percentile's, the response the median's. */
    public record Parts(long uptime, long completion, long latency, long response) {
        /** Their product, each raised to its exponent. */
        long ppm(List<Integer> exponents) {
            long two = raised(uptime, exponents.get(0)) * raised(completion, exponents.get(1)) / PPM;
            long three = two * raised(latency, exponents.get(2)) / PPM;
            return three * raised(response, exponents.get(3)) / PPM;
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

    /**
     * What is said of a day when its books are closed.
     *
     * @param ofDay the day's own quality, in ppm
     * @param ppm over the newest {@code suspendDays} days
     * @param throttled whether that is so low that half of it counts in placements
     */
    public record Scored(long day, Day figures, Parts parts, long ofDay, long ppm, boolean throttled) {}

    public Quality probed(long day, long answered, long asked) {
        return plus(day, new Day(answered, asked, 0, 0));
    }

    public Quality kept(long day) {
        return plus(day, new Day(0, 0, 1, 0));
    }

    public Quality failed(long day) {
        return plus(day, new Day(0, 0, 0, 1));
    }

    /**
     * Only who went away may answer for a lease with its stake, so only such a loss is apart; another is a failure, and so is
     * one that the machine itself tells of.
     */
    public Quality lost(long day, JobLost lost, Standing rules) {
        boolean away = lost.ending() == Ending.MACHINE_OFFLINE && lost.receipt() == null;
        boolean apart = rules.lookedPpm() == null || away;
        return apart ? plus(day, new Day(0, 0, 0, 0, 1, null, null)) : failed(day);
    }

    /** A task ran {@code tookMillis} after its assignment. */
    public Quality started(long day, long agreedMillis, long tookMillis) {
        return plus(day, new Day(0, 0, 0, 0, 0, Ratios.NONE.plus(agreedMillis, tookMillis), null));
    }

    /** A round compared its distance with its neighbours'. */
    public Quality near(long day, int percent) {
        return plus(day, new Day(0, 0, 0, 0, 0, null, Ratios.NONE.plus(percent, 100)));
    }

    private Quality plus(long day, Day more) {
        return with(day, old -> old.plus(more));
    }

    private Quality with(long day, UnaryOperator<Day> change) {
        PersistentMap<Long, Day> all = PersistentMap.copyOf(days);
        all = all.with(day, change.apply(all.getOrDefault(day, Day.NONE)));
        return new Quality(all.size() > DAYS_KEPT ? all.without(Collections.min(all.keySet())) : all);
    }

    /**
     * What counts as the completion of machines without work: the lower median of those of others that had work on the newest seven
     * days, in ppm. Null where idle machines are whole: by the rules, or because too few had work.
     *
     * @param network of all machines; days up to {@code day} are told, or could be
     */
    public static @Nullable Long idlePpm(Collection<Quality> network, Standing rules, long day) {
        Integer least = rules.idleLeast();
        if (least == null) {
            return null;
        }
        long[] judged = network.stream()
                .map(quality -> quality.sum(day - MEDIAN_DAYS, day))
                .filter(sum -> sum.tasks() > 0)
                .mapToLong(sum -> sum.parts().completion())
                .sorted()
                .toArray();
        return judged.length < least ? null : Long.valueOf(judged[(judged.length - 1) / 2]);
    }

    /** Over the newest {@code suspendDays} days, in ppm. */
    public long ppm(Standing rules, long day) {
        return sum(rules, day).ppm(rules.exponents());
    }

    /** As {@link #ppm}, with the leases that were lost by going away left to their cases, and without a few failures. */
    public long ppmWithoutLosses(Standing rules, long day) {
        return judged(rules, day).withoutLosses(rules).ppm(rules.exponents());
    }

    /** Days that are judged together; days of maintenance between them do not spoil that. */
    private Day judged(Standing rules, long day) {
        return rules.lookedPpm() == null
                ? sum(rules, day)
                : looked(rules, day).stream().map(days::get).reduce(Day.NONE, Day::plus);
    }

    /** The newest {@code suspendDays} that committees looked at, of as many as are kept of a machine that is always there. */
    private List<Long> looked(Standing rules, long day) {
        return days.entrySet().stream()
                .filter(each -> each.getKey() <= day && each.getKey() > day - DAYS_KEPT)
                .filter(each -> each.getValue().asked() > 0)
                .map(Map.Entry::getKey)
                .sorted(Comparator.reverseOrder())
                .limit(rules.suspendDays())
                .toList();
    }

    private Day sum(Standing rules, long day) {
        return sum(day - rules.suspendDays(), day);
    }

    private Day sum(long after, long day) {
        Day sum = Day.NONE;
        for (Map.Entry<Long, Day> each : days.entrySet()) {
            sum = each.getKey() > after && each.getKey() <= day ? sum.plus(each.getValue()) : sum;
        }
        return sum;
    }

    /** Whether it does less than {@code throttlePpm} of what its tier promises. */
    public boolean isThrottled(Standing rules, long tierPpm, long day) {
        return ppm(rules, day) < tierPpm * rules.throttlePpm() / PPM;
    }

    /**
     * Whether it did less than {@code suspendPpm} over the newest {@code suspendDays} days on which it was looked at, this one being
     * the last of them, leases aside that it lost by going away: those may have cases, and one outage suspends once.
     */
    public boolean isLow(Standing rules, long day) {
        List<Long> looked = looked(rules, day);
        boolean enough = rules.lookedPpm() == null
                ? isLookedAtDaily(rules, day)
                : looked.size() == rules.suspendDays() && looked.getFirst() == day;
        return enough && ppmWithoutLosses(rules, day) < rules.suspendPpm();
    }

    private boolean isLookedAtDaily(Standing rules, long day) {
        for (long each = day; each > day - rules.suspendDays(); each--) {
            if (days.getOrDefault(each, Day.NONE).asked() == 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether {@code cleanDays} days on which committees looked followed the suspension, as many of them as are kept, and it did
     * {@code suspendPpm} and more on each day since the first of them. In networks of the first version days on which nobody
     * looked are clean.
     *
     * @param suspended the day on which it was suspended: it and what was before are past
     */
    public boolean isClean(ProtocolParameters parameters, long suspended, long day) {
        Standing rules = parameters.accountable().standing();
        Long least = rules.lookedPpm();
        if (least == null) {
            return isCleanUnlooked(rules, suspended, day);
        }
        long asked = (long) parameters.timing().epochsPerDay()
                * parameters.liveness().probesPerEpoch();
        int missing = Math.min(rules.cleanDays(), DAYS_KEPT - DAYS_OPEN);
        for (Map.Entry<Long, Day> each :
                new TreeMap<>(days).headMap(day, true).descendingMap().entrySet()) {
            if (missing == 0 || each.getKey() <= suspended) {
                break;
            }
            if (each.getValue().ppm(rules.exponents()) < rules.suspendPpm()) {
                return false;
            }
            missing -= each.getValue().asked() * PPM >= asked * least ? 1 : 0;
        }
        return missing == 0;
    }

    private boolean isCleanUnlooked(Standing rules, long suspended, long day) {
        long before = Math.max(suspended, day - rules.cleanDays());
        return days.entrySet().stream()
                .filter(each -> each.getKey() > before && each.getKey() <= day)
                .allMatch(each -> each.getValue().ppm(rules.exponents()) >= rules.suspendPpm());
    }

    /**
     * What is to be said of a day that is over. Nobody is throttled by what others did.
     *
     * @param idlePpm by {@link #idlePpm} of that day
     */
    public Scored scored(Standing rules, long tierPpm, long day, @Nullable Long idlePpm) {
        Day figures = days.getOrDefault(day, Day.NONE);
        Parts parts = figures.parts(idlePpm);
        return new Scored(
                day,
                figures,
                parts,
                parts.ppm(rules.exponents()),
                sum(rules, day).parts(idlePpm).ppm(rules.exponents()),
                isThrottled(rules, tierPpm, day));
    }

    /**
     * What counts in a placement's score: the quality, and half of it where the machine is throttled.
     *
     * @param idlePpm by {@link #idlePpm} of the newest day that is over
     */
    public long offered(Standing rules, long tierPpm, long day, @Nullable Long idlePpm) {
        long ppm = sum(rules, day).parts(idlePpm).ppm(rules.exponents());
        return isThrottled(rules, tierPpm, day) ? ppm / 2 : ppm;
    }
}
