package io.athanor.saga.live;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The set to answer questions from: this node's own where it runs the routers, else the rows that the other node writes
 * with every batch of events, a tenth of a second behind it, read into a set apart and kept for a second.
 *
 * <p>Invariant: this node's own set is never read anew for a question; it may take the routers over at any moment. What is
 * given includes every event that was stored before the question, or is at most {@link #FRESH} old.
 */
public final class WrittenSet implements Supplier<LiveSet> {
    static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long LOOK_MILLIS = 20;

    private final LiveSet own;
    private final LiveStorage storage;
    private final LongSupplier head;
    private @Nullable LiveSet read;
    private long readNanos;

    /** @param head index of the newest event */
    public WrittenSet(LiveSet own, LiveStorage storage, LongSupplier head) {
        this.own = own;
        this.storage = storage;
        this.head = head;
    }

    /** Error: {@link Refused} UNAVAILABLE where nobody writes the rows, or not fast enough. */
    @Override
    public LiveSet get() {
        return own.ready() ? own : written();
    }

    private synchronized LiveSet written() {
        LiveSet known = read;
        if (known == null || System.nanoTime() - readNanos > FRESH.toNanos()) {
            awaitWritten(head.getAsLong());
            known = new LiveSet(storage);
            known.load();
            known.opensAt(0);
            read = known;
            readNanos = System.nanoTime();
        }
        return known;
    }

    private void awaitWritten(long least) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (storage.asOf() < least) {
            Refused.unless(
                    System.nanoTime() < deadline,
                    Reason.UNAVAILABLE,
                    "the node that runs the routers has not read up to the newest event yet, or none does");
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(Reason.UNAVAILABLE, "interrupted");
        }
    }
}
