package io.athanor.agent.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a lease has come on this machine. A stage is in the spool before the side effect that it names begins, and each
 * effect is safe to repeat, so an agent that was killed goes on from the stage it finds.
 *
 * <pre>
 * stage     side effect of the stage                         goes to
 * Accepted  none                                             Pulling
 * Pulling   fetch inputs, pull the image, create container   Created | Ended (nothing ran) | dropped (declined)
 * Created   attach, start; never where a process has run     Running | Ended
 * Running   none; watches exit, wishes and the time limit    Paused | Stopping | Ended
 * Paused    pause, until more is paid or the wait is over     Running | Stopping | Ended
 * Stopping  TERM, then KILL after the grace                  Ended
 * Ended     store the outputs under their digests            Reported
 * Reported  send the receipt until it is acknowledged        dropped: container and folder removed
 * </pre>
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(LeaseStage.Accepted.class),
    @JsonSubTypes.Type(LeaseStage.Pulling.class),
    @JsonSubTypes.Type(LeaseStage.Created.class),
    @JsonSubTypes.Type(LeaseStage.Running.class),
    @JsonSubTypes.Type(LeaseStage.Paused.class),
    @JsonSubTypes.Type(LeaseStage.Stopping.class),
    @JsonSubTypes.Type(LeaseStage.Ended.class),
    @JsonSubTypes.Type(LeaseStage.Reported.class)
})
public sealed interface LeaseStage {

    /** The order is on disk. */
    record Accepted() implements LeaseStage {}

    /** Inputs, image and container are being made ready. */
    record Pulling() implements LeaseStage {}

    /** The container exists and may be started. */
    record Created(String container) implements LeaseStage {}

    /**
     * The container's process was started at {@code mark}, which moves on by each pause, so that it tells the run time.
     *
     * @param pausedMillis in all so far, null for none
     */
    record Running(
            String container,
            Instant startedAt,
            BootMark mark,
            @Nullable Long pausedMillis) implements LeaseStage {
        public Running(String container, Instant startedAt, BootMark mark) {
            this(container, startedAt, mark, null);
        }

        /** All pauses so far. */
        public Duration paused() {
            return pausedMillis == null ? Duration.ZERO : Duration.ofMillis(pausedMillis);
        }
    }

    /** Its paid time was over at {@code since}; the client may pay for more. */
    record Paused(Running run, BootMark since) implements LeaseStage {
        /** How long it ran until then. */
        public Duration ran() {
            return Duration.ofNanos(since.nanos() - run.mark().nanos());
        }

        /** The run as it goes on now: no time has passed for it. */
        public Running resumed() {
            Duration waited = since.elapsed();
            BootMark mark = new BootMark(run.mark().boot(), run.mark().nanos() + waited.toNanos());
            return new Running(
                    run.container(),
                    run.startedAt(),
                    mark,
                    run.paused().plus(waited).toMillis());
        }
    }

    /** The agent decided to stop it, for this reason. */
    record Stopping(Running run, Ending because) implements LeaseStage {}

    /** It is over; the receipt is signed. */
    record Ended(Receipt receipt) implements LeaseStage {}

    /** The outputs are stored and the receipt is report number {@code seq}. */
    record Reported(Receipt receipt, long seq) implements LeaseStage {}

    /** The name in heartbeats, such as {@code RUNNING}. */
    default String label() {
        return getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /** True while a container may be running. */
    default boolean live() {
        return switch (this) {
            case Accepted _, Pulling _, Ended _, Reported _ -> false;
            case Created _, Running _, Paused _, Stopping _ -> true;
        };
    }

    /**
     * True where a power cut may lose the word of it: its work is then done again from the stage before, and no process has
     * run, since a start is noted on disk by itself.
     */
    default boolean mayBeLost() {
        return switch (this) {
            case Pulling _, Created _ -> true;
            case Accepted _, Running _, Paused _, Stopping _, Ended _, Reported _ -> false;
        };
    }

    /** True while the lease holds its GPUs. */
    default boolean holdsGpus() {
        return switch (this) {
            case Accepted _, Pulling _, Created _, Running _, Paused _, Stopping _ -> true;
            case Ended _, Reported _ -> false;
        };
    }
}
