package io.athanor.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.query.Queries.FindEpoch;
import io.athanor.domain.query.Queries.ListEpochs;
import io.athanor.domain.view.Page;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.queryhandling.annotation.AnnotationQueryHandlerAdapter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Views on a real query bus that know epoch n as of event n, behind a store of some events. */
class ReadsTest {
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final SimpleQueryBus bus = SimpleQueryBus.builder().build();
    private final AtomicLong asOf = new AtomicLong();
    /** How far the views come with each look at their position. */
    private long step;

    private record Store(long head) implements EventSource {
        @Override
        public List<Stored> read(long after, int limit) {
            return List.of();
        }

        @Override
        public List<Stored> of(StreamId stream) {
            return List.of();
        }

        @Override
        public AutoCloseable onAppend(Consumer<Long> listener) {
            return () -> {};
        }
    }

    @BeforeEach
    void subscribe() {
        new AnnotationQueryHandlerAdapter<>(this).subscribe(bus);
    }

    @QueryHandler
    Optional<String> epoch(FindEpoch query) {
        return query.epoch() <= asOf.get() ? Optional.of("epoch " + query.epoch()) : Optional.empty();
    }

    @QueryHandler
    Page<String> epochs(ListEpochs query) {
        return new Page<>(List.of(), null, asOf.addAndGet(step));
    }

    private Optional<String> find(long epoch, long head) {
        Reads reads = new Reads(DefaultQueryGateway.builder().queryBus(bus).build(), new Store(head), PATIENCE);
        return reads.find(new FindEpoch(epoch), String.class);
    }

    @Test
    void whatWasAcceptedBeforeTheQuestionIsFoundOnceTheViewsKnowIt() {
        step = 1;
        assertThat(find(3, 4)).contains("epoch 3");
        assertThat(asOf).hasValue(4);
    }

    @Test
    void nothingIsThereOnlyWhereTheViewsKnowEverything() {
        asOf.set(4);
        assertThat(find(5, 4)).isEmpty();
    }

    @Test
    void viewsThatDoNotComeForwardAreUnavailable() {
        assertThatThrownBy(() -> find(3, 4))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE))
                .hasMessageContaining("up to 0 of 4");
    }
}
