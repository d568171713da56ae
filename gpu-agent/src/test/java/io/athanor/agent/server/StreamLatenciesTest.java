package io.athanor.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Receipt.Quality;
import io.athanor.domain.wire.AgentProtocol.StreamQuality;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StreamLatenciesTest {
    private final StreamLatencies latencies = new StreamLatencies();
    private final LeaseId lease = new JobId(new UUID(1, 1)).task(0).lease(1);

    @Test
    void quantilesAreOfThePiecesThatWereMeasured() {
        assertThat(latencies.of(lease)).isNull();
        latencies.took(lease, Duration.ofMillis(7));
        assertThat(latencies.of(lease)).isEqualTo(new StreamQuality(1, 7_000, 7_000));
        for (int i = 1; i <= 99; i++) {
            latencies.took(lease, Duration.ofNanos(i * 1_000L));
        }
        assertThat(latencies.of(lease)).isEqualTo(new StreamQuality(100, 50, 99));
        assertThat(latencies.quality(lease)).isEqualTo(new Quality(100, 50, 95));
        assertThat(latencies.quality(lease.task().lease(9))).isNull();
    }

    @Test
    void onlyTheNewestPiecesCountAndEndedLeasesAreForgotten() {
        LeaseId other = lease.task().lease(2);
        latencies.took(other, Duration.ofMillis(1));
        latencies.took(lease, Duration.ofSeconds(9));
        for (int i = 0; i < StreamLatencies.KEPT; i++) {
            latencies.took(lease, Duration.ofMillis(2));
        }
        assertThat(latencies.of(lease)).isEqualTo(new StreamQuality(StreamLatencies.KEPT + 1, 2_000, 2_000));
        latencies.keep(List.of(lease));
        assertThat(latencies.of(other)).isNull();
        assertThat(latencies.of(lease)).isNotNull();
    }
}
