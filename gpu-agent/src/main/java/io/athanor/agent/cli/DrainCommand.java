package io.athanor.agent.cli;

import io.athanor.agent.LocalStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drain}: no new work; what runs goes on to its end. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = "Takes no new work from the next poll on; what runs goes on to its end.")
public final class DrainCommand implements Callable<Integer> {
    @Mixin
    private AgentOptions options = new AgentOptions();

    @Option(names = "--from", description = "not before this moment, such as 2030-01-31T02:00:00Z; at once without it")
    private @Nullable Instant from;

    @Option(names = "--until", description = "take work again at this moment; without it when --cancel is called")
    private @Nullable Instant until;

    @Option(names = "--cancel", description = "take work again")
    private boolean cancel;

    @Option(names = "--wait-seconds", description = "wait this long for the last lease to end; fails when it does not")
    private int waitSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = options.settings().data();
        if (cancel) {
            LocalStatus.takeWork(data);
        } else {
            LocalStatus.drain(data, from, until);
        }
        boolean idle = cancel || waitSeconds == 0 || LocalStatus.awaitIdle(data, Duration.ofSeconds(waitSeconds));
        return idle ? 0 : 1;
    }
}
