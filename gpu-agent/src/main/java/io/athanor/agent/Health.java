package io.athanor.agent;

import com.github.dockerjava.api.exception.DockerException;
import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.EngineUnavailable;
import io.athanor.agent.docker.ImageCache;
import io.athanor.agent.gpu.GpuDesk;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at engine, disk and GPUs every few seconds, so that a heartbeat never waits for any of them. */
final class Health implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final DockerEngine engine;
    private final ImageCache images;
    private final GpuDesk gpus;
    private final DiskGuard disk;
    private final Consumer<List<GpuHealth>> looked;
    private volatile Seen seen;

    /** What was seen last. */
    record Seen(boolean engineUp, String engineVersion, long diskFreeMib, List<GpuHealth> gpus) {}

    /** @param looked is told of every look at the GPUs */
    Health(DockerEngine engine, ImageCache images, GpuDesk gpus, DiskGuard disk, Consumer<List<GpuHealth>> looked) {
        this.looked = looked;
        this.engine = engine;
        this.images = images;
        this.gpus = gpus;
        this.disk = disk;
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
                looked.accept(seen.gpus());
                cleanUp();
            }
        } catch (InterruptedException stopping) {
            LOG.debug("health watch ends");
        }
    }

    private void cleanUp() {
        try {
            if (seen.engineUp() && disk.low()) {
                images.clean(disk::low);
            }
        } catch (EngineUnavailable | DockerException failed) {
            LOG.warn("no image could be removed: {}", failed.getMessage());
        }
    }

    private Seen look(String lastVersion) {
        boolean up = engine.answers();
        return new Seen(
                up, up && lastVersion.equals("unknown") ? version() : lastVersion, disk.freeMib(), gpus.health());
    }

    private String version() {
        try {
            return engine.facts().version();
        } catch (EngineUnavailable away) {
            return "unknown";
        }
    }
}
