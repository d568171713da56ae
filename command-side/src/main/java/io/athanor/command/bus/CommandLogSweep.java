package io.athanor.command.bus;

import io.athanor.domain.common.Limits;
import io.athanor.domain.port.Sweep;
import java.time.Duration;
import java.time.Instant;

/**
 * Forgets answers to orders from outside that are older than the idempotency window.
 *
 * <p>Invariant: nothing is ordered twice by it. An authorisation is valid for {@link Limits#AUTHORIZATION_VALIDITY} at
 * most, and the window is longer: a repeat whose answer is forgotten is refused as expired.
 */
public final class CommandLogSweep implements Sweep {
    public static final String SETTING = "athanor.retention.commands";
    public static final Duration KEPT = Duration.ofDays(90);

    private final CommandLog log;
    private final Duration kept;

    /** Error: {@link IllegalArgumentException} where so short a window would let an order be sent twice. */
    public CommandLogSweep(CommandLog log, Duration kept) {
        if (kept.compareTo(Limits.AUTHORIZATION_VALIDITY.plusDays(1)) < 0) {
            throw new IllegalArgumentException(SETTING + " is " + kept + ": it must be a day longer than the "
                    + Limits.AUTHORIZATION_VALIDITY.toDays() + " days for which an order may be signed");
        }
        this.log = log;
        this.kept = kept;
    }

    @Override
    public String what() {
        return "commands";
    }

    @Override
    public long run(Instant now) {
        return log.forgetBefore(now.minus(kept));
    }
}
