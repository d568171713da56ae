package io.athanor.saga.routing;

import io.athanor.domain.common.Command;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commands that take effect together for one instance.
 *
 * @param actor {@code saga:<name>}
 * @param cause the event after which the instance was looked at
 * @param ended told on the routers' thread whether the commands took effect, once the live
 *     set knows it; whoever keeps its own progress sets it
 */
public record Step(
        Instance instance,
        String actor,
        String cause,
        List<Command> commands,
        @Nullable Consumer<Boolean> ended) {
    public Step {
        commands = List.copyOf(commands);
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("a step has a command: " + instance.text());
        }
    }

    void end(boolean tookEffect) {
        if (ended != null) {
            ended.accept(tookEffect);
        }
    }
}
