package io.athanor.agent.cli;

import io.athanor.agent.Agent;
import io.athanor.agent.server.SyncLoop;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: works until TERM; containers stay for the next agent. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Serves leases until it is stopped.")
public final class RunCommand implements Callable<Integer> {
    private static final int TAKEN_OVER = 3;

    @Mixin
    private AgentOptions options = new AgentOptions();

    @Override
    public Integer call() throws IOException {
        CountDownLatch left = Shutdown.interruptThisThread();
        try (Agent agent = Agent.open(options.settings())) {
            agent.run();
            return 0;
        } catch (InterruptedException stopped) {
            return 0;
        } catch (SyncLoop.SessionLost lost) {
            return TAKEN_OVER;
        } finally {
            left.countDown();
        }
    }
}
