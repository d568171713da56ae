package io.athanor.domain.provider;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a machine gets no new work, and the case that it follows from.
 *
 * @param until null where it is for ever
 * @param over whether the machine was reinstated since
 */
public record Suspension(
        MachineId machine,
        CaseId penaltyCase,
        Instant at,
        @Nullable Instant until,
        boolean over) {
    Suspension ended() {
        return new Suspension(machine, penaltyCase, at, until, true);
    }

    /**
     * How long a suspension lasts, and how many of them end it all.
     *
     * @param cleanMillis that a suspension lasts
     * @param cutOffAt so many suspensions within {@code withinMillis} cut a machine off
     */
    public record Terms(long cleanMillis, int cutOffAt, long withinMillis) {
        /** Days are settlement days. */
        public static Terms of(ProtocolParameters parameters) {
            Standing rules = parameters.accountable().standing();
            long day = parameters.timing().dayMillis();
            return new Terms(rules.cleanDays() * day, rules.cutOffSuspensions(), rules.cutOffDays() * day);
        }
    }
}
