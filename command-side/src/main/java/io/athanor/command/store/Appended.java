package io.athanor.command.store;

import io.athanor.domain.common.Event;
import io.athanor.domain.port.CommittedEvents.Committed;
import java.util.List;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.DomainEventMessage;

/**
 * What one append stored.
 *
 * @param previousHead index of the newest event before it; nothing was or will be stored in between
 * @param indexes global indexes, ascending, one an event
 * @param events in the order of their indexes
 */
public record Appended(long previousHead, List<Long> indexes, List<DomainEventMessage<?>> events) {
    public Appended {
        if (indexes.size() != events.size()) {
            throw new IllegalStateException(events.size() + " events were sent and " + indexes.size() + " stored");
        }
    }

    public long head() {
        return indexes.getLast();
    }

    /** The domain's events with their indexes. */
    public List<Committed> committed() {
        return IntStream.range(0, events.size())
                .filter(i -> events.get(i).getPayload() instanceof Event)
                .mapToObj(i -> new Committed(
                        indexes.get(i), before(i), (Event) events.get(i).getPayload()))
                .toList();
    }

    private long before(int i) {
        return i == 0 ? previousHead : indexes.get(i - 1);
    }
}
