package io.athanor.chain;

import io.athanor.domain.common.Command;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What the projector tells the log, one order at a time. */
record Orders(Commands commands) {
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** Returns once it is stored. Errors: {@link io.athanor.domain.common.Refused}, or none has come in time. */
    void send(String cause, Command command) {
        send(cause, List.of(command));
    }

    /** The same for several that belong together. */
    void send(String cause, List<Command> together) {
        try {
            commands.send(Order.inside("chain", cause, together))
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
