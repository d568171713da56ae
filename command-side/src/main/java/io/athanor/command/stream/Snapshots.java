package io.athanor.command.stream;

import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.eventsourcing.AggregateSnapshotter;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.GenericAggregateFactory;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;

/**
 * Snapshots of the streams that grow with the network's life (accounts, machines), so that their loading costs the
 * same whatever their history. Made aside, from what is stored; they may be deleted at any time.
 */
public final class Snapshots implements AutoCloseable {
    /** Events between two snapshots of a stream, and so the most that loading replays, about. */
    public static final int EVERY_EVENTS = 200;

    private static final Map<Class<?>, SerializedType> TYPES = longLived().stream()
            .collect(Collectors.toUnmodifiableMap(
                    Shells.Kind::shell,
                    kind -> new SimpleSerializedType("snapshot." + kind.type(), StateShape.of(stateOf(kind)))));

    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("snapshots").daemon().factory());

    /** The stored type of each snapshot: {@code snapshot.<stream type>}, and the state's shape as its revision. */
    public static Map<Class<?>, SerializedType> types() {
        return TYPES;
    }

    private static List<Shells.Kind<?>> longLived() {
        return Shells.all().stream().filter(Shells.Kind::isLong).toList();
    }

    private static Class<?> stateOf(Shells.Kind<?> kind) {
        ParameterizedType shell = (ParameterizedType) kind.shell().getGenericSuperclass();
        return (Class<?>) shell.getActualTypeArguments()[2];
    }

    /** Whether this program can read the snapshot; else the stream is folded from its first event. */
    public static boolean isReadable(DomainEventData<?> snapshot) {
        return TYPES.containsValue(snapshot.getPayload().getType());
    }

    /** When to make one. */
    public SnapshotTriggerDefinition definition(EventStore store, TransactionManager transactions) {
        AggregateSnapshotter snapshotter = AggregateSnapshotter.builder()
                .eventStore(store)
                .transactionManager(transactions)
                .executor(executor)
                .aggregateFactories(longLived().stream()
                        .<AggregateFactory<?>>map(kind -> new GenericAggregateFactory<>(kind.shell()))
                        .toList())
                .build();
        return new EventCountSnapshotTriggerDefinition(snapshotter, EVERY_EVENTS);
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
