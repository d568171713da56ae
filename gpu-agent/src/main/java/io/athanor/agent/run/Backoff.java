package io.athanor.agent.run;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits that double from a quarter of a second to ten seconds, with jitter so that many agents do not return together. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private Duration next = FIRST;

    /** The next wait, with its jitter; does not wait itself. */
    public Duration next() {
        long millis = next.toMillis();
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    /** Waits. */
    public void pause() throws InterruptedException {
        Thread.sleep(next());
    }

    /** Something worked: begin small again. */
    public void reset() {
        next = FIRST;
    }
}
