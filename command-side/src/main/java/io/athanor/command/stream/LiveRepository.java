package io.athanor.command.stream;

import io.athanor.domain.common.StreamId;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.axonframework.common.lock.NullLockFactory;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.LockAwareAggregate;

/**
 * Loads a kind of stream from {@link LiveStreams}, or else from the store. A unit of work that is rolled back, alone
 * or with its group, takes its aggregates out of memory, since their state ran ahead.
 *
 * <p>There are no aggregate locks: the node has one writer.
 */
final class LiveRepository<T extends Shell<?, ?, ?>> extends EventSourcingRepository<T> {
    private final Shells.Kind<T> kind;
    private final LiveStreams live;
    private final Predicate<String> absent;

    /** @param absent streams that the store was just asked for and does not have */
    LiveRepository(
            Shells.Kind<T> kind,
            EventStore store,
            LiveStreams live,
            Predicate<String> absent,
            SnapshotTriggerDefinition snapshots) {
        super(EventSourcingRepository.builder(kind.shell())
                .eventStore(store)
                .lockFactory(NullLockFactory.INSTANCE)
                .snapshotTriggerDefinition(snapshots));
        this.kind = kind;
        this.live = live;
        this.absent = absent;
    }

    /** The stream's aggregate, empty where it has no events. */
    Aggregate<T> open(StreamId stream) {
        return loadOrCreate(
                stream.toString(), () -> kind.shell().cast(kind.empty().get().named(stream)));
    }

    @Override
    public Aggregate<T> loadOrCreate(String stream, Callable<T> empty) {
        CurrentUnitOfWork.get().onRollback(rolledBack -> live.forget(stream));
        return super.loadOrCreate(stream, empty);
    }

    @Override
    protected LockAwareAggregate<T, EventSourcedAggregate<T>> doLoadOrCreate(String stream, Callable<T> empty)
            throws Exception {
        return absent.test(stream) ? doCreateNew(empty) : super.doLoadOrCreate(stream, empty);
    }

    @Override
    @SuppressWarnings("unchecked") // a stream's text begins with its type, so it is of this kind
    protected EventSourcedAggregate<T> doLoadWithLock(String stream, Long expectedVersion) {
        EventSourcedAggregate<?> kept = live.find(stream);
        return kept == null ? super.doLoadWithLock(stream, expectedVersion) : (EventSourcedAggregate<T>) kept;
    }

    @Override
    protected void doSaveWithLock(EventSourcedAggregate<T> aggregate) {
        super.doSaveWithLock(aggregate);
        if (aggregate.version() == null || aggregate.getAggregateRoot().isOver()) {
            live.forget(aggregate.identifierAsString());
        } else {
            live.keep(aggregate.identifierAsString(), aggregate);
        }
    }
}
