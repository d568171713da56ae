package io.athanor.e2e;

import io.athanor.agent.Agent;
import io.athanor.agent.AgentSettings;
import io.athanor.agent.Identity;
import io.athanor.agent.nvml.CapacityCard;
import io.athanor.agent.nvml.GpuFault;
import io.athanor.agent.nvml.GpuInventory;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.agent.nvml.SimulatedGpus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fault injection, for tests alone: a whole agent that reports better GPUs than those which compute for it. */
public final class LyingAgent {
    static final String CLAIMED = "1xH200";
    static final String OWNED = "1xRTX3090";

    private LyingAgent() {}

    /** Arguments: data folder, server, address of the container engine. */
    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        AgentSettings settings = AgentSettings.of(data, URI.create(arguments[1]), arguments[2], CLAIMED);
        String machine = Identity.of(data).machine().toString();
        GpuSource lie = new Lie(SimulatedGpus.parse(CLAIMED, machine), SimulatedGpus.parse(OWNED, machine));
        try (Agent agent = Agent.open(settings, lie)) {
            agent.run();
        }
    }

    private record Lie(GpuSource claimed, GpuSource owned) implements GpuSource {
        @Override
        public List<GpuInventory> inventory() {
            return claimed.inventory();
        }

        @Override
        public Optional<CapacityCard> card(String uuid) {
            return owned.card(uuid);
        }

        @Override
        public List<GpuFault> awaitFaults(Duration wait) throws InterruptedException {
            return claimed.awaitFaults(wait);
        }

        @Override
        public boolean simulated() {
            return claimed.simulated();
        }

        @Override
        public @Nullable String driverVersion() {
            return claimed.driverVersion();
        }

        @Override
        public void close() {
            claimed.close();
            owned.close();
        }
    }
}
