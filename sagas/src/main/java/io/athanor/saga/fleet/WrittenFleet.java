package io.athanor.saga.fleet;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fleet on a node that does not run the routers: read from the live rows that the other node writes with every batch
 * of events, a tenth of a second behind it, and kept for a second.
 *
 * <p>Invariant: never this node's own live set, which may take the routers over at any moment and must not be read anew
 * under its feed's hands. What is read includes every event that was stored before the question, or is at most
 * {@link #FRESH} old.
 */
public final class WrittenFleet implements Supplier<FleetIndex> {
    static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long LOOK_MILLIS = 20;

    private final LiveStorage storage;
    private final FleetIndex heard;
    private final LongSupplier head;
    private final InstantSource clock;
    private @Nullable FleetIndex read;
    private long readNanos;

    /**
     * @param heard this node's fleet, which hears of machines wherever they speak
     * @param head index of the newest event
     */
    public WrittenFleet(LiveStorage storage, FleetIndex heard, LongSupplier head, InstantSource clock) {
        this.storage = storage;
        this.heard = heard;
        this.head = head;
        this.clock = clock;
    }

    /** Error: {@link Refused} UNAVAILABLE where nobody writes the rows, or not fast enough. */
    @Override
    public synchronized FleetIndex get() {
        FleetIndex known = read;
        if (known == null || System.nanoTime() - readNanos > FRESH.toNanos()) {
            awaitWritten(head.getAsLong());
            known = load();
            read = known;
            readNanos = System.nanoTime();
        }
        return known;
    }

    private FleetIndex load() {
        LiveSet rows = new LiveSet(storage);
        rows.load();
        rows.opensAt(0);
        FleetIndex fleet = heard.over(rows);
        synchronized (rows) {
            rows.machines().forEach(id -> fleet.refresh(id, clock.instant()));
        }
        return fleet;
    }

    private void awaitWritten(long least) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (storage.asOf() < least) {
            Refused.unless(
                    System.nanoTime() < deadline,
                    Reason.UNAVAILABLE,
                    "the node that places has not read up to the newest event yet, or none does");
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
