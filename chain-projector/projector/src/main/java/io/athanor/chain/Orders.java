package io.athanor.chain;

import io.athanor.domain.common.Command;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What the projector tells the log, one order at a time. */
record Orders(Commands commands) {
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** Returns once it is stored. Errors: {@link io.athanor.domain.common.Refused}, or none has come in time. */
    void send(String cause, Command command) {
        try {
            commands.send(Order.inside("chain", cause, command))
                    .copy()
                    .orTimeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(cause + " was not stored: " + e.getCause(), e);
        }
    }
}
