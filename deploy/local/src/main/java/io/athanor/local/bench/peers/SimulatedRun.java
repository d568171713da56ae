package io.athanor.local.bench.peers;

import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.time.Instant;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * A container that is not there, until its time is over.
 *
 * @param endNanos by {@link System#nanoTime()}
 */
record SimulatedRun(Start order, Instant startedAt, long endNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
