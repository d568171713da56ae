package io.athanor.agent.cli;

import io.athanor.agent.LocalStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
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

    @Option(names = "--cancel", description = "take work again")
    private boolean cancel;

    @Option(names = "--wait-seconds", description = "wait this long for the last lease to end; fails when it does not")
    private int waitSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = options.settings().data();
        LocalStatus.drain(data, !cancel);
        boolean idle = cancel || waitSeconds == 0 || LocalStatus.awaitIdle(data, Duration.ofSeconds(waitSeconds));
        return idle ? 0 : 1;
    }
}
