package io.athanor.agent;

import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.EngineUnavailable;
import io.athanor.agent.gpu.GpuDesk;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at engine, disk and GPUs every few seconds, so that a heartbeat never waits for any of them. */
final class Health implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final long BYTES_PER_MIB = 1 << 20;

    private final DockerEngine engine;
    private final GpuDesk gpus;
    private final Path data;
    private volatile Seen seen;

    /** What was seen last. */
    record Seen(boolean engineUp, String engineVersion, long diskFreeMib, List<GpuHealth> gpus) {}

    Health(DockerEngine engine, GpuDesk gpus, Path data) {
        this.engine = engine;
        this.gpus = gpus;
        this.data = data;
        this.seen = look("unknown");
    }

    Seen seen() {
        return seen;
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(EVERY);
                Seen before = seen;
                seen = look(before.engineVersion());
                if (before.engineUp() != seen.engineUp()) {
                    LOG.warn("the container engine {}", seen.engineUp() ? "answers again" : "does not answer");
                }
            }
        } catch (InterruptedException stopping) {
            LOG.debug("health watch ends");
        }
    }

    private Seen look(String lastVersion) {
        boolean up = engine.answers();
        return new Seen(
                up, up && lastVersion.equals("unknown") ? version() : lastVersion, diskFreeMib(), gpus.health());
    }

    private String version() {
        try {
            return engine.facts().version();
        } catch (EngineUnavailable away) {
            return "unknown";
        }
    }

    private long diskFreeMib() {
        try {
            return Files.getFileStore(data).getUsableSpace() / BYTES_PER_MIB;
        } catch (IOException failed) {
            LOG.error("the free disk space of {} cannot be read: {}", data, failed.getMessage());
            return 0;
        }
    }
}
