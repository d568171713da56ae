package io.athanor.domain.penalty;

import static io.athanor.domain.testing.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Region;
import io.athanor.domain.penalty.OutageExemption.Seen;
import io.athanor.domain.protocol.Accountability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageExemptionTest {
    private static final Accountability.Outage RULES =
            Accountability.STANDARD.penalties().outage();
    private static final Region HERE = new Region("eu-west");
    private static final Region THERE = new Region("us-east");

    /** @param dropped of the {@code count} machines, at {@code wentAt} */
    private static List<Seen> machines(String owner, Region region, int count, int dropped, Instant wentAt) {
        List<Seen> machines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            machines.add(new Seen(owner, region, i < dropped ? List.of(wentAt) : List.of()));
        }
        return machines;
    }

    private static boolean excused(List<Seen> machines) {
        return OutageExemption.excuses("mine", HERE, START, machines, RULES);
    }

    @Test
    void manyOthersOfTheRegionAtOnceExcuse() {
        assertThat(excused(machines("other", HERE, 20, 3, START.plusSeconds(120))))
                .isTrue();
        assertThat(excused(machines("other", HERE, 20, 3, START.plusSeconds(121))))
                .isFalse();
        assertThat(excused(machines("other", HERE, 20, 2, START)))
                .as("fewer than three")
                .isFalse();
    }

    @Test
    void aTwentiethOfTheWholeNetworkExcusesElsewhereToo() {
        assertThat(excused(machines("other", THERE, 50, 3, START))).isTrue();
        assertThat(excused(machines("other", THERE, 60, 3, START)))
                .as("not more than 5 %")
                .isFalse();
    }

    @Test
    void whoDroppedTogetherStaysExcusedWhenTheOthersDropAgain() {
        Instant later = START.plusSeconds(900);
        List<Seen> machines = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            machines.add(new Seen("other", HERE, i < 3 ? List.of(later, START) : List.of(later)));
        }
        assertThat(excused(machines)).isTrue();
        machines.replaceAll(seen -> new Seen("other", HERE, List.of(later)));
        assertThat(excused(machines)).isFalse();
    }

    @Test
    void nobodyExcusesItselfWithItsOwnMachines() {
        assertThat(excused(machines("mine", HERE, 20, 20, START))).isFalse();
    }
}
