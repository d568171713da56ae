package io.athanor.agent.docker;

import io.athanor.domain.common.LeaseId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A container as the engine describes it at one moment.
 *
 * @param status where it stands
 * @param exitCode of the last run; without meaning before one
 * @param oomKilled whether the kernel killed ANY process of the container for memory, not only the first
 * @param error the engine's text about a failed start, empty otherwise
 * @param startedAt the engine's clock, or null before a start
 * @param finishedAt the engine's clock, or null before an end
 */
public record Observed(
        String id,
        LeaseId lease,
        String specHash,
        Status status,
        long exitCode,
        boolean oomKilled,
        String error,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    /** The engine's states, by what the agent does about them. */
    public enum Status {
        CREATED,
        RUNNING,
        PAUSED,
        EXITED
    }

    static Status statusOf(@Nullable String engineWord) {
        return switch (engineWord == null ? "" : engineWord) {
            case "created" -> Status.CREATED;
            case "running", "restarting" -> Status.RUNNING;
            case "paused" -> Status.PAUSED;
            default -> Status.EXITED;
        };
    }

    /** The engine writes year 1 for "never". */
    static @Nullable Instant instant(@Nullable String text) {
        return text == null || text.isBlank() || text.startsWith("0001-") ? null : Instant.parse(text);
    }

    /** How long it ran by the engine's own times, never more than {@code most}, which the monotonic clock allows. */
    public Duration ran(Duration most) {
        if (startedAt == null || finishedAt == null) {
            return most;
        }
        Duration ran = Duration.between(startedAt, finishedAt);
        return ran.isNegative() ? Duration.ZERO : ran.compareTo(most) > 0 ? most : ran;
    }

    /** True when the engine tried to start it and no process ever ran, as when the engine dies over it. */
    public boolean failedToStart() {
        return status == Status.EXITED && startedAt == null;
    }

    /** True when a process of it has run, or runs, so that starting it would be a second run. */
    public boolean hasRun() {
        return status != Status.CREATED;
    }
}
