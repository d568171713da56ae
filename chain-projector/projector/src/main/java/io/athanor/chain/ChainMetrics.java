package io.athanor.chain;

import io.athanor.domain.port.ChainStatus;
import io.athanor.domain.port.ChainStatus.Report;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a collector sees of the projector: alarms and halts, how far the chain was read, messages by state, gas, the
 * submitter's balance and the endpoints. The same report as {@code athanor ops chain}, asked for at most every five seconds.
 *
 * <p>A figure that no endpoint gives is not a number (NaN), never zero. Alert on {@code athanor_chain_alarms > 0}: what an
 * operator has to act on is decided in one place, {@link Alarms}.
 */
final class ChainMetrics implements MeterBinder {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final BigDecimal WEI_A_COIN = BigDecimal.TEN.pow(18);

    private final ChainStatus status;
    private final InstantSource clock;
    private @Nullable Report last;
    private Instant askedAt = Instant.EPOCH;

    ChainMetrics(ChainStatus status, InstantSource clock) {
        this.status = status;
        this.clock = clock;
    }

    private synchronized Report report() {
        Instant now = clock.instant();
        Report known = last;
        if (known == null || now.isAfter(askedAt.plus(FRESH))) {
            known = status.report();
            last = known;
            askedAt = now;
        }
        return known;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "athanor.chain.alarms",
                "What an operator has to act on",
                r -> r.alarms().size());
        gauge(
                registry,
                "athanor.chain.halted",
                "Parts that stand still until they are resumed",
                r -> r.halted().size());
        gauge(
                registry,
                "athanor.chain.waiting",
                "1 while something passes by itself",
                r -> r.waitingFor() == null ? 0 : 1);
        gauge(registry, "athanor.chain.lag.blocks", "Final blocks that are not read", ChainMetrics::lag);
        gauge(registry, "athanor.chain.read.block", "The last block that was read", Report::readBlock);
        gauge(registry, "athanor.chain.signers", "Seats of the signer set in force", Report::signers);
        gauge(
                registry,
                "athanor.chain.submitter.coins",
                "The submitter's balance in the chain's coin",
                r -> coins(r.submitter().balance()));
        gauge(
                registry,
                "athanor.chain.submitter.refill.coins",
                "Refill below this balance",
                r -> coins(r.submitter().refillBelow()));
        gauge(
                registry,
                "athanor.chain.relay.coins",
                "The relay's balance in the chain's coin; no number where this node relays nothing",
                r -> relay(r, ChainStatus.Submitter::balance));
        gauge(
                registry,
                "athanor.chain.relay.refill.coins",
                "Refill the relay below this balance",
                r -> relay(r, ChainStatus.Submitter::refillBelow));
        gauge(
                registry,
                "athanor.chain.endpoints.trusted",
                "Endpoints that answer for the right chain",
                r -> r.endpoints().stream()
                        .filter(ChainStatus.Endpoint::trusted)
                        .count());
        for (CosignKind kind : CosignKind.values()) {
            lane(registry, kind);
        }
    }

    private void lane(MeterRegistry registry, CosignKind kind) {
        for (MessageTables.State state : MessageTables.State.values()) {
            Gauge.builder("athanor.chain.messages", () -> messages(kind, state))
                    .description("Messages by kind and state")
                    .tag("kind", kind.name())
                    .tag("state", state.name())
                    .register(registry);
        }
        Gauge.builder("athanor.chain.gas", () -> lane(kind).gasUsed())
                .description("Gas used by messages in blocks")
                .tag("kind", kind.name())
                .register(registry);
    }

    private long messages(CosignKind kind, MessageTables.State state) {
        ChainStatus.Lane lane = lane(kind);
        return state == MessageTables.State.FINAL ? lane.finals() : lane.open().getOrDefault(state.name(), 0);
    }

    private ChainStatus.Lane lane(CosignKind kind) {
        return report().lanes().stream()
                .filter(lane -> lane.kind().equals(kind.name()))
                .findFirst()
                .orElseThrow();
    }

    private void gauge(MeterRegistry registry, String name, String what, ToDoubleFunction<Report> value) {
        Gauge.builder(name, () -> value.applyAsDouble(report()))
                .description(what)
                .register(registry);
    }

    private static double lag(Report report) {
        Long newest = report.finalBlock();
        return newest == null ? Double.NaN : newest - report.readBlock();
    }

    private static double relay(Report report, Function<ChainStatus.Submitter, @Nullable String> figure) {
        ChainStatus.Submitter relay = report.relay();
        return relay == null ? Double.NaN : coins(figure.apply(relay));
    }

    private static double coins(@Nullable String wei) {
        return wei == null ? Double.NaN : new BigDecimal(wei).divide(WEI_A_COIN).doubleValue();
    }
}
