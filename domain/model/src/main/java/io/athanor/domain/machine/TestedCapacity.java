package io.athanor.domain.machine;

import io.athanor.domain.common.RoundId;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;

/**
 * What a machine's newest daily capacity test found. Capacities in ppm of an H100.
 *
 * @param round in which it was tested
 * @param measured by the committee's median; 0 where it was there the whole time, free, and did not answer
 * @param certified what its certificate said then
 */
public record TestedCapacity(RoundId round, long measured, long certified) {
    private static final long PERCENT = 100;

    /** Whether it showed less than so many percent of what is certified. */
    public boolean isBelow(int percent) {
        return measured * PERCENT < certified * percent;
    }

    /** Whether it showed enough to be paid. */
    public boolean isPaid(CapacityTests rules) {
        return !isBelow(rules.unpaidPercent());
    }

    /** Of what is certified, floored. */
    public long percent() {
        return certified == 0 ? PERCENT : measured * PERCENT / certified;
    }
}
