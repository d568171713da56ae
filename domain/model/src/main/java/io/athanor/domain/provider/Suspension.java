package io.athanor.domain.provider;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a machine gets no new work, and the case or the quality that it follows from.
 *
 * @param machine null where it is every machine of the provider
 * @param penaltyCase null where it follows from a quality
 * @param until null where it is for ever
 * @param over whether the machine was reinstated since
 * @param quality null where it follows from a case
 */
public record Suspension(
        @Nullable MachineId machine,
        @Nullable CaseId penaltyCase,
        Instant at,
        @Nullable Instant until,
        boolean over,
        @Nullable LowQuality quality) {
    public Suspension(MachineId machine, CaseId penaltyCase, Instant at, @Nullable Instant until, boolean over) {
        this(machine, penaltyCase, at, until, over, null);
    }

    /**
     * What a machine did too little.
     *
     * @param day the newest of the settlement days
     * @param ppm its quality over them
     */
    public record LowQuality(long day, long ppm) {}

    /** For ever, of one machine. */
    boolean isCutOff() {
        return machine != null && until == null && !over;
    }

    Suspension endingAt(Instant end) {
        return new Suspension(machine, penaltyCase, at, end, over, quality);
    }

    Suspension ended() {
        return new Suspension(machine, penaltyCase, at, until, true, quality);
    }

    /** Whether it keeps this machine from work. */
    public boolean covers(MachineId other) {
        return machine == null || machine.equals(other);
    }

    /** What it follows from, in words. */
    public String because() {
        return quality == null
                ? "by case " + penaltyCase
                : "for a quality of " + quality.ppm() + " ppm on the days until " + quality.day();
    }

    /**
     * How long a suspension lasts, and how many of them end it all.
     *
     * @param cleanMillis that a suspension lasts
     * @param cutOffAt so many suspensions within {@code withinMillis} cut a machine off
     */
    public record Terms(long cleanMillis, int cutOffAt, long withinMillis) {
        Instant until(Instant from) {
            return from.plusMillis(cleanMillis);
        }

        /** Days are settlement days. */
        public static Terms of(ProtocolParameters parameters) {
            Standing rules = parameters.accountable().standing();
            long day = parameters.timing().dayMillis();
            return new Terms(rules.cleanDays() * day, rules.cutOffSuspensions(), rules.cutOffDays() * day);
        }
    }
}
