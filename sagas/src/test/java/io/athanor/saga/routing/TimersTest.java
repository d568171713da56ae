package io.athanor.saga.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimersTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private final Timers timers = new Timers();

    @Test
    void theEarliestTimeOfAnInstanceCounts() {
        Instance one = Instance.task(1);
        timers.add(AT.plusSeconds(5), one);
        timers.add(AT.plusSeconds(2), one);
        timers.add(AT.plusSeconds(9), one);
        assertThat(timers.next()).isEqualTo(AT.plusSeconds(2));
        assertThat(timers.due(AT.plusSeconds(1))).isEmpty();
        assertThat(timers.due(AT.plusSeconds(2))).containsExactly(one);
        assertThat(timers.due(AT.plusSeconds(100))).isEmpty();
    }

    @Test
    void eachIsTakenOnceInOrderAndMayBeSetAgain() {
        timers.add(AT.plusSeconds(2), Instance.task(2));
        timers.add(AT.plusSeconds(1), Instance.task(1));
        assertThat(timers.due(AT.plusSeconds(3))).containsExactly(Instance.task(1), Instance.task(2));
        timers.add(AT.plusSeconds(4), Instance.task(1));
        assertThat(timers.due(AT.plusSeconds(4))).containsExactly(Instance.task(1));
        assertThat(timers.size()).isZero();
        assertThat(timers.next()).isNull();
    }
}
