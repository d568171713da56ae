package io.athanor.command.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * One processor's reading position. It reads rows while it is behind and the tail's memory when it has caught up, and
 * sleeps on the tail's bell. Used by one thread at a time.
 *
 * <p>A reader that has caught up gets what came within {@value #STRIDE_MILLIS} ms at once: each of its batches is a
 * transaction with a token of its own, and under load one event a batch would cost more than what it carries. The first
 * event after a pause comes without delay. What must be quick hears
 * {@link io.athanor.domain.port.CommittedEvents} and does not come through here.
 */
final class EventStream implements TrackingEventStream {
    /** The least time between two reads of a reader that has caught up. */
    static final long STRIDE_MILLIS = 250;

    private final EventTail tail;
    private final EventStorageEngine engine;
    private final Deque<TrackedEventMessage<?>> ready = new ArrayDeque<>();
    private @Nullable GapAwareTrackingToken token;
    private @Nullable AutoCloseable bell;
    private long nextReadNanos = System.nanoTime();

    EventStream(EventTail tail, EventStorageEngine engine, @Nullable TrackingToken from) {
        this.tail = tail;
        this.engine = engine;
        this.token = (GapAwareTrackingToken) from;
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long deadline = EventTail.deadline(timeout, unit);
        do {
            if (ready.isEmpty() && !isTimeToRead(deadline)) {
                return false;
            }
            fill();
        } while (ready.isEmpty() && tail.awaitBeyond(position(), deadline));
        return !ready.isEmpty();
    }

    /** Waits for the next stride; false where the deadline comes before it. */
    private boolean isTimeToRead(long deadline) throws InterruptedException {
        long pause = nextReadNanos - System.nanoTime();
        if (pause > 0) {
            TimeUnit.NANOSECONDS.sleep(Math.min(pause, Math.max(deadline - System.nanoTime(), 0)));
        }
        return nextReadNanos - System.nanoTime() <= 0;
    }

    private long position() {
        return token == null ? 0 : token.getIndex();
    }

    private void fill() {
        if (!ready.isEmpty() || tail.head() <= position()) {
            return;
        }
        Optional<List<EventTail.Entry>> remembered = tail.after(position());
        if (remembered.isPresent()) {
            remembered.get().forEach(this::remember);
        } else {
            engine.readEvents(token, false)
                    .limit(PostgresEventStorageEngine.BATCH_ROWS)
                    .forEach(this::take);
        }
        boolean caughtUp = tail.head() <= position();
        nextReadNanos = System.nanoTime() + (caughtUp ? TimeUnit.MILLISECONDS.toNanos(STRIDE_MILLIS) : 0);
    }

    /** Missing numbers below a remembered event are lost for ever, so the token carries none. */
    private void remember(EventTail.Entry entry) {
        take(EventUtils.asTrackedEventMessage(
                entry.event(), GapAwareTrackingToken.newInstance(entry.index(), Set.of())));
    }

    private void take(TrackedEventMessage<?> event) {
        ready.add(event);
        token = (GapAwareTrackingToken) event.trackingToken();
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        fill();
        return Optional.ofNullable(ready.peek());
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        boolean available = false;
        while (!available) {
            available = hasNextAvailable(1, TimeUnit.MINUTES);
        }
        return ready.remove();
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
        bell = tail.onGrowth(head -> callback.run());
        return true;
    }

    @Override
    public void close() {
        try {
            if (bell != null) {
                bell.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a bell does not close", e);
        }
    }
}
