package io.athanor.command.stream;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.port.Commands.Order;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateLifecycle;

/** The streams of one order, each opened once. */
final class OpenStreams {
    private final Map<StreamId, Aggregate<? extends Shell<?, ?, ?>>> aggregates = new LinkedHashMap<>();

    OpenStreams(Order order, Function<StreamId, Aggregate<? extends Shell<?, ?, ?>>> open) {
        for (Command command : order.commands()) {
            aggregates.computeIfAbsent(command.stream(), open);
        }
    }

    /** All events of the order, in its order; nothing is applied. Error: {@link io.athanor.domain.common.Refused}. */
    List<Event> decide(Order order) {
        Map<StreamId, Shell.Draft<?, ?, ?>> drafts = new LinkedHashMap<>();
        List<Event> events = new ArrayList<>();
        for (Command command : order.commands()) {
            events.addAll(drafts.computeIfAbsent(command.stream(), this::draft).decide(command));
        }
        return events;
    }

    private Shell.Draft<?, ?, ?> draft(StreamId stream) {
        Function<Shell<?, ?, ?>, Shell.Draft<?, ?, ?>> draft = Shell::draft;
        return aggregate(stream).invoke(draft::apply);
    }

    void apply(Event event, MetaData metadata) {
        aggregate(event.stream()).execute(shell -> AggregateLifecycle.apply(event, metadata));
    }

    Set<StreamId> ids() {
        return aggregates.keySet();
    }

    /** Error: {@link StaleStream} where the store is ahead of memory. */
    void requireCurrent(Map<StreamId, Long> lastSequences) {
        lastSequences.forEach((stream, last) -> {
            Long known = aggregate(stream).version();
            if (known == null || last > known) {
                throw new StaleStream(stream, known, last);
            }
        });
    }

    private Aggregate<? extends Shell<?, ?, ?>> aggregate(StreamId stream) {
        return Objects.requireNonNull(aggregates.get(stream), () -> stream + " is not of this order");
    }
}
