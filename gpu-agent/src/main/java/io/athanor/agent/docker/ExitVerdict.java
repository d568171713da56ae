package io.athanor.agent.docker;

import io.athanor.domain.job.Ending;

/**
 * How a container ended by itself. The kernel's out-of-memory flag is set when any process of the container was killed,
 * so it alone proves nothing about the job: a program that lost a child and went on to exit 0 succeeded, and exit 137
 * without the flag is the job's own SIGKILL.
 */
public final class ExitVerdict {
    private static final long TERMINATED = 143;
    private static final long KILLED = 137;
    private static final long ENGINE_GONE = 255;

    private ExitVerdict() {}

    /** The engine was not there to see how it ended. */
    public static boolean isUnknown(Observed ended) {
        return ended.exitCode() == ENGINE_GONE;
    }

    /** As an engine does that stops: by a signal, and not for memory. */
    public static boolean looksKilled(Observed ended) {
        return ended.exitCode() == TERMINATED
                || isUnknown(ended)
                || ended.exitCode() == KILLED && of(ended) != Ending.OUT_OF_MEMORY;
    }

    /** The ending of a container that nobody stopped. */
    public static Ending of(Observed ended) {
        if (ended.exitCode() == 0) {
            return Ending.COMPLETED;
        }
        return ended.oomKilled() && ended.exitCode() == KILLED ? Ending.OUT_OF_MEMORY : Ending.EXIT_CODE;
    }
}
