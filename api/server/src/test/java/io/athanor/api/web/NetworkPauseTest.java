package io.athanor.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.query.Queries.ListPauses;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.PauseView;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.queryhandling.annotation.AnnotationQueryHandlerAdapter;
import org.junit.jupiter.api.Test;

/** What a pause does to new work, on a real query bus and a clock that the test moves. */
class NetworkPauseTest {
    private static final Instant BEGAN = Instant.ofEpochSecond(1_000);

    private final SimpleQueryBus bus = SimpleQueryBus.builder().build();
    private List<PauseView> pauses = List.of();
    private Instant now = BEGAN;

    private record Nothing() implements EventSource {
        @Override
        public List<Stored> read(long after, int limit) {
            return List.of();
        }

        @Override
        public List<Stored> of(StreamId stream) {
            return List.of();
        }

        @Override
        public long head() {
            return 0;
        }

        @Override
        public AutoCloseable onAppend(Consumer<Long> listener) {
            return () -> {};
        }
    }

    @QueryHandler
    Page<PauseView> pauses(ListPauses query) {
        return new Page<>(pauses, null, 0);
    }

    @Test
    void newWorkWaitsUntilThePauseIsOver() {
        new AnnotationQueryHandlerAdapter<>(this).subscribe(bus);
        EventSource events = new Nothing();
        Reads reads = new Reads(DefaultQueryGateway.builder().queryBus(bus).build(), events);
        Network network = new Network(events, reads, () -> now);
        assertThatCode(() -> network.requireRunning(now)).doesNotThrowAnyException();
        Instant until = BEGAN.plusSeconds(60);
        pauses = List.of(new PauseView(7, Wallet.ZERO, "a leak", BEGAN, until));
        now = until.minusMillis(1);
        assertThatThrownBy(() -> network.requireRunning(now))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.NETWORK_PAUSED))
                .hasMessageContaining("a leak");
        now = until;
        assertThatCode(() -> network.requireRunning(now)).doesNotThrowAnyException();
    }
}
