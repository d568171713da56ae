package io.athanor.command.stream;

import io.athanor.command.bus.GroupHandler;
import io.athanor.command.store.StoredEvents;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.port.Commands.Order;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.Aggregate;

/**
 * The coordinating handler: decides all commands of an order on drafts of their streams, each seeing what the earlier
 * ones did, and only then applies their events.
 *
 * <p>Invariant: a refusal comes before the first apply, so it leaves no trace. Answers with the number of events.
 */
public final class OrderHandler implements GroupHandler {
    /** The most commands of one order: an array's tasks and the hold. */
    public static final int COMMANDS_PER_ORDER = 8_192;

    private final Map<String, LiveRepository<?>> repositories;
    private final LiveStreams live;
    private final StoredEvents stored;
    private final Uniqueness uniqueness;
    private final Set<String> absent = new HashSet<>();

    /** @param snapshots of the streams that grow with the network's life */
    public OrderHandler(
            EventStore store,
            StoredEvents stored,
            LiveStreams live,
            Uniqueness uniqueness,
            SnapshotTriggerDefinition snapshots) {
        this.live = live;
        this.stored = stored;
        this.uniqueness = uniqueness;
        this.repositories = Shells.all().stream()
                .collect(Collectors.toUnmodifiableMap(Shells.Kind::type, kind -> repository(kind, store, snapshots)));
    }

    private <T extends Shell<?, ?, ?>> LiveRepository<T> repository(
            Shells.Kind<T> kind, EventStore store, SnapshotTriggerDefinition snapshots) {
        return new LiveRepository<>(
                kind, store, live, absent::contains, kind.isLong() ? snapshots : NoSnapshotTriggerDefinition.INSTANCE);
    }

    /** Asks the store once which of the group's streams are new; a stream's first order then reads no row. */
    @Override
    public void prepare(List<CommandMessage<?>> group) {
        absent.clear();
        Set<StreamId> unknown = new HashSet<>();
        for (CommandMessage<?> message : group) {
            ((Order) message.getPayload())
                    .commands().stream()
                            .map(Command::stream)
                            .filter(stream -> live.find(stream.toString()) == null)
                            .forEach(unknown::add);
        }
        if (!unknown.isEmpty()) {
            unknown.removeAll(stored.lastSequences(unknown).keySet());
            unknown.forEach(stream -> absent.add(stream.toString()));
        }
    }

    @Override
    public Integer handle(CommandMessage<?> message) {
        Order order = (Order) message.getPayload();
        Refused.unless(
                order.commands().size() <= COMMANDS_PER_ORDER,
                Reason.TOO_LARGE,
                "an order has at most " + COMMANDS_PER_ORDER + " commands");
        OpenStreams streams = new OpenStreams(order, this::open);
        List<Event> events = decideOnCurrent(order, streams);
        if (!events.isEmpty()) {
            claim(order, events);
            events.forEach(event -> streams.apply(event, message.getMetaData()));
        }
        return events.size();
    }

    private Aggregate<? extends Shell<?, ?, ?>> open(StreamId stream) {
        LiveRepository<?> repository = repositories.get(stream.type());
        if (repository == null) {
            throw new IllegalArgumentException("no kind of stream: " + stream);
        }
        return repository.open(stream);
    }

    /**
     * What is stored is checked by its sequence number. What stores nothing, a repeat or a refusal, is checked here:
     * memory may be behind another node.
     */
    private List<Event> decideOnCurrent(Order order, OpenStreams streams) {
        try {
            List<Event> events = streams.decide(order);
            if (events.isEmpty()) {
                streams.requireCurrent(stored.lastSequences(streams.ids()));
            }
            return events;
        } catch (Refused refused) {
            streams.requireCurrent(stored.lastSequences(streams.ids()));
            throw refused;
        }
    }

    private void claim(Order order, List<Event> events) {
        List<Claim> claims =
                events.stream().map(Claim::of).flatMap(Optional::stream).toList();
        if (!claims.isEmpty()) {
            uniqueness.claim(claims, order.commands().getFirst().at());
        }
    }
}
