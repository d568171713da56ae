package io.athanor.agent.server;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Receipt.Quality;
import io.athanor.domain.wire.AgentProtocol.StreamQuality;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How long pieces of running containers' streams took from the container until the server had acknowledged them, retries
 * and a full buffer there included: what a viewer of the stream waits for on this machine's part of the way.
 */
public final class StreamLatencies {
    /** Pieces of a lease that quantiles are made of, the newest ones. */
    static final int KEPT = 1_024;

    private static final int PERCENT = 100;
    private static final int MEDIAN = 50;
    private static final int MOST = 95;
    private static final int HIGH = 99;

    private final Map<LeaseId, Window> windows = new ConcurrentHashMap<>();

    /** One piece was read from the container so long before it was acknowledged. */
    void took(LeaseId lease, Duration time) {
        windows.computeIfAbsent(lease, _ -> new Window()).add(time.toNanos() / 1_000);
    }

    /** What was measured of a lease; null where it has had no piece. */
    public @Nullable StreamQuality of(LeaseId lease) {
        Window window = windows.get(lease);
        return window == null ? null : window.measured();
    }

    /** The same for the receipt. */
    public @Nullable Quality quality(LeaseId lease) {
        Window window = windows.get(lease);
        return window == null ? null : window.quality();
    }

    /** Forgets every lease but these. */
    public void keep(Collection<LeaseId> leases) {
        windows.keySet().retainAll(leases);
    }

    private static final class Window {
        private final long[] micros = new long[KEPT];
        private long pieces;

        synchronized void add(long value) {
            micros[(int) (pieces++ % KEPT)] = value;
        }

        private long[] sorted() {
            long[] sorted = Arrays.copyOf(micros, (int) Math.min(pieces, KEPT));
            Arrays.sort(sorted);
            return sorted;
        }

        synchronized Quality quality() {
            long[] sorted = sorted();
            return new Quality(pieces, quantile(sorted, MEDIAN), quantile(sorted, MOST));
        }

        synchronized StreamQuality measured() {
            long[] sorted = sorted();
            return new StreamQuality(pieces, quantile(sorted, MEDIAN), quantile(sorted, HIGH));
        }

        /** The smallest value that so many percent of all do not exceed. */
        private static long quantile(long[] sorted, int percent) {
            return sorted[Math.ceilDiv(sorted.length * percent, PERCENT) - 1];
        }
    }
}
