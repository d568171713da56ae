package io.athanor.domain.port;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Sha256;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The one way to change anything: orders to one or more streams, decided and stored together or not at all. */
public interface Commands {
    /**
     * Decides every command in order, each seeing what the earlier ones did, and appends all their events in one
     * transaction.
     *
     * @return completes after commit; fails with {@link io.athanor.domain.common.Refused} when one command is refused
     *     (then none has an effect)
     */
    CompletableFuture<Outcome> send(Order order);

    /**
     * What is sent.
     *
     * @param outside set for a command from outside: it is remembered, and a repeat gets the first answer
     * @param actor who causes it: a wallet, a machine, {@code saga:<name>} or {@code chain}
     * @param cause id of the event or message that led to it, null where a person did
     */
    record Order(
            List<Command> commands,
            @Nullable Outside outside,
            String actor,
            @Nullable String cause) {
        public Order {
            commands = List.copyOf(commands);
        }

        public static Order inside(String actor, @Nullable String cause, List<Command> commands) {
            return new Order(commands, null, actor, cause);
        }

        public static Order inside(String actor, @Nullable String cause, Command command) {
            return new Order(List.of(command), null, actor, cause);
        }
    }

    /** @param fingerprint of the client's canonical content, without the stamped time and actor */
    record Outside(CommandId id, Sha256 fingerprint) {}

    /**
     * @param events how many events were stored, 0 for a repeat
     * @param index global index of the last of them, or of the newest known event
     */
    record Outcome(int events, long index) {}
}
