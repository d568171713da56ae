package io.athanor.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServerClockTest {
    @Test
    void goesOnFromWhatTheServerSaidHoweverFarTheMachinesClockIsOff() throws Exception {
        ServerClock clock = new ServerClock();
        assertThat(clock.wallClockAhead().abs()).isLessThan(Duration.ofSeconds(1));
        Instant yesterday = Instant.now().minus(Duration.ofHours(20));
        clock.heard(yesterday);
        Thread.sleep(20);
        assertThat(clock.instant()).isBetween(yesterday.plusMillis(19), yesterday.plusSeconds(5));
        assertThat(clock.wallClockAhead()).isBetween(Duration.ofHours(19), Duration.ofHours(21));
    }
}
