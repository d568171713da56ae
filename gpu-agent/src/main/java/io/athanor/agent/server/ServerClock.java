package io.athanor.agent.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The server's time, as last heard, carried on by the monotonic clock. A machine whose wall clock is off or jumps keeps
 * signing requests that are fresh and keeps deadlines as the server meant them.
 */
public final class ServerClock implements InstantSource {
    private record Anchor(Instant time, long nanos) {}

    private volatile Anchor anchor = new Anchor(Instant.now(), System.nanoTime());

    /** The server said that it is this time. */
    public void heard(Instant serverTime) {
        anchor = new Anchor(serverTime, System.nanoTime());
    }

    @Override
    public Instant instant() {
        Anchor last = anchor;
        return last.time().plusNanos(System.nanoTime() - last.nanos());
    }

    /** How far this machine's wall clock is ahead of the server's. */
    public Duration wallClockAhead() {
        return Duration.between(instant(), Instant.now());
    }
}
