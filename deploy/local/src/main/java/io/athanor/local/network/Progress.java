package io.athanor.local.network;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What a person sees while things start and stop: a line a step, with the time since the beginning. */
public final class Progress {

    private final PrintStream out;
    private final long begin = System.nanoTime();

    /** Prints to this stream. */
    public Progress(PrintStream out) {
        this.out = out;
    }

    /** A line with the time since the beginning. */
    public synchronized void say(String line) {
        out.printf(Locale.ROOT, "[%6.1f s] %s%n", sinceBegin().toMillis() / 1000.0, line);
        out.flush();
    }

    /** Time since the beginning. */
    public Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
