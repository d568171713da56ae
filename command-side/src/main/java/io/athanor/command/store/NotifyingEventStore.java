package io.athanor.command.store;

import java.util.function.Consumer;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * An event store whose readers are woken by each commit: of this node through its {@link EventTail}, of other nodes
 * through {@link AppendSignals}. Axon's embedded store polls, and can miss the wake-up between its look and its wait.
 */
public final class NotifyingEventStore extends AbstractEventStore {
    private static final String APPENDED = NotifyingEventStore.class.getName() + ".appended";

    private final EventTail tail;
    private final EventStorageEngine engine;

    public NotifyingEventStore(EventTail tail, EventStorageEngine engine) {
        super(new Settings(engine));
        this.tail = tail;
        this.engine = engine;
    }

    /** Hands what the engine has appended to the listener once it is committed. */
    public static void onceCommitted(Appended appended, Consumer<Appended> listener) {
        if (CurrentUnitOfWork.isStarted()) {
            UnitOfWork<?> root = CurrentUnitOfWork.get().root();
            root.resources().put(APPENDED, appended);
            root.afterCommit(committed -> listener.accept(appended));
        } else {
            listener.accept(appended);
        }
    }

    /** What the unit of work has appended, null where it has no events. */
    public static @Nullable Appended appendedIn(UnitOfWork<?> root) {
        return root.getResource(APPENDED);
    }

    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken from) {
        return new EventStream(tail, engine, from);
    }

    private static final class Settings extends AbstractEventStore.Builder {
        Settings(EventStorageEngine engine) {
            storageEngine(engine);
        }
    }
}
