package io.athanor.agent.docker;

import io.athanor.agent.docker.ContainerPlan.Gpus;
import io.athanor.agent.docker.ContainerPlan.JobUser;
import io.athanor.agent.docker.ContainerPlan.Limits;
import io.athanor.agent.logs.LogRing;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Containers for the tests on the shared engine, through the agent's own classes. */
final class TestContainers implements AutoCloseable {
    static final LogRing.Bounds LOG = new LogRing.Bounds(64 << 20, 1 << 20, 256L << 20);

    final String node = "node-" + UUID.randomUUID();
    final DockerEngine engine = DockerEngine.connect(
            TestEngines.dockerHost().toString(),
            TestEngines.folder("docker-config"),
            node,
            Map.of("athanor.test", TestEngines.containerLabel()));

    static LeaseId lease() {
        return new JobId(UUID.randomUUID()).task(0).lease(1);
    }

    ContainerPlan shell(String script) {
        return command(lease(), Map.of(), "/bin/sh", "-c", script);
    }

    ContainerPlan command(LeaseId lease, Map<String, String> environment, String... command) {
        return plan(lease, environment, List.of(command), Gpus.NONE, new Limits(1000, 64, 64, 16, 64));
    }

    ContainerPlan plan(LeaseId lease, Map<String, String> environment, List<String> command, Gpus gpus, Limits limits) {
        Path folder = TestEngines.folder("lease");
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        try {
            Files.createDirectories(in);
            Files.createDirectories(out);
            Files.setAttribute(out, "unix:uid", (int) JobUser.UNPRIVILEGED.uid());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return new ContainerPlan(
                lease,
                node,
                "sha256:spec",
                TestImages.busybox(),
                command,
                environment,
                limits,
                gpus,
                ContainerPlan.NO_NETWORK,
                Instant.now().plusSeconds(60),
                in,
                out,
                JobUser.UNPRIVILEGED);
    }

    /** What a finished run left. */
    record Run(Observed ended, String log) {}

    /** Runs a container to its end, the agent's way. */
    Run run(ContainerPlan plan) throws Exception {
        pull(plan.image());
        String id = engine.create(plan);
        try (LogRing ring = LogRing.open(TestEngines.folder("log"), LOG);
                LogAttachment attachment = engine.attach(id, ring)) {
            engine.start(id, plan);
            engine.exit(id).get(60, TimeUnit.SECONDS);
            if (!attachment.awaitEnd(Duration.ofSeconds(10))) {
                throw new IllegalStateException("the output did not end");
            }
            return new Run(engine.find(plan.lease()).orElseThrow(), text(ring));
        }
    }

    void pull(ImageReference image) throws Exception {
        if (!engine.hasImage(image)) {
            engine.pull(image).await();
        }
    }

    static String text(LogRing ring) {
        StringBuilder text = new StringBuilder();
        for (byte[] piece = ring.read(0, 1 << 20); piece.length > 0; piece = ring.read(text.length(), 1 << 20)) {
            text.append(new String(piece, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    @Override
    public void close() {
        for (LeaseId lease : engine.mine()) {
            engine.remove(lease);
        }
        engine.close();
    }
}
