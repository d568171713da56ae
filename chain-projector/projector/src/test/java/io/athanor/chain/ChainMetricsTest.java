package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.port.ChainStatus;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The collector's figures are the report's. */
class ChainMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MovableClock clock = new MovableClock();
    private int asked;

    private ChainStatus status(long read, @Nullable Long last, @Nullable String balance) {
        return new ChainStatus() {
            @Override
            public Report report() {
                asked++;
                return new Report(
                        List.of("refill it"),
                        List.of(new Halt("PAYOUTS", "differs", Instant.EPOCH)),
                        null,
                        Stream.of(CosignKind.values())
                                .map(kind -> new Lane(kind.name(), Map.of("SENT", 2), 7, 1_000))
                                .toList(),
                        3,
                        21,
                        15,
                        read,
                        last,
                        new Submitter("0x00", balance, "2000000000000000000", false, "1"),
                        balance == null ? null : new Submitter("0x01", "500000000000000000", balance, true, "1"),
                        List.of(
                                new Endpoint("http://a", true, true, 0, null),
                                new Endpoint("http://b", false, false, 4, "down")));
            }

            @Override
            public void resume() {
                throw new AssertionError("a collector resumes nothing");
            }
        };
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void areTheReports() {
        new ChainMetrics(status(90, 100L, "1500000000000000000"), clock).bindTo(registry);

        assertThat(gauge("athanor.chain.alarms")).isEqualTo(1);
        assertThat(gauge("athanor.chain.halted")).isEqualTo(1);
        assertThat(gauge("athanor.chain.lag.blocks")).isEqualTo(10);
        assertThat(gauge("athanor.chain.submitter.coins")).isEqualTo(1.5);
        assertThat(gauge("athanor.chain.relay.coins")).isEqualTo(0.5);
        assertThat(gauge("athanor.chain.relay.refill.coins")).isEqualTo(1.5);
        assertThat(gauge("athanor.chain.endpoints.trusted")).isEqualTo(1);
        assertThat(gauge("athanor.chain.messages", "kind", "BATCH", "state", "SENT"))
                .isEqualTo(2);
        assertThat(gauge("athanor.chain.messages", "kind", "PAYOUT", "state", "FINAL"))
                .isEqualTo(7);
        assertThat(gauge("athanor.chain.messages", "kind", "RECORDS", "state", "MINED"))
                .isZero();
        assertThat(gauge("athanor.chain.gas", "kind", "SIGNERS")).isEqualTo(1_000);
        assertThat(asked).as("one report for one look").isEqualTo(1);
    }

    /** A chain that does not answer is no chain without lag. */
    @Test
    void whatIsUnknownIsNoNumber() {
        new ChainMetrics(status(90, null, null), clock).bindTo(registry);

        assertThat(gauge("athanor.chain.lag.blocks")).isNaN();
        assertThat(gauge("athanor.chain.submitter.coins")).isNaN();
        assertThat(gauge("athanor.chain.relay.coins")).isNaN();
        assertThat(gauge("athanor.chain.read.block")).isEqualTo(90);
    }
}
