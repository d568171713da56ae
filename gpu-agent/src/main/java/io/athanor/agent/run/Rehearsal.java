package io.athanor.agent.run;

import com.github.dockerjava.api.exception.DockerException;
import io.athanor.agent.docker.ContainerPlan;
import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.EngineUnavailable;
import io.athanor.agent.docker.StartFailure;
import io.athanor.agent.lease.BootMark;
import io.athanor.agent.lease.LeaseJournal;
import io.athanor.agent.lease.LeaseStage;
import io.athanor.agent.logs.LogRing;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import io.athanor.domain.wire.AgentProtocol.Synced;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through what an order to start needs before there is one, so that the first order finds its code loaded, and the
 * package's AOT cache holds it. The engine is asked for an image and a container that do not exist, and all that is written
 * goes to a folder of its own: nothing runs, and nothing is left.
 */
public final class Rehearsal implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    /** Not at once: an agent that starts has something better to do. */
    private static final Duration AFTER = Duration.ofSeconds(1);

    private static final int TIMES = 3;
    private static final long SPOOL_BYTES = 1 << 20;
    private static final int MEMORY_MIB = 16;
    private static final String NO_DIGEST = "0".repeat(64);

    private final RunContext context;

    public Rehearsal(RunContext context) {
        this.context = context;
    }

    @Override
    public void run() {
        LeaseFolder scratch = new LeaseFolder(context.settings().jobs().resolveSibling("rehearsal"));
        try {
            scratch.delete();
            Thread.sleep(AFTER);
            for (int i = 0; i < TIMES; i++) {
                scratch.delete();
                once(scratch.root());
            }
        } catch (InterruptedException stopping) {
            LOG.debug("the agent stops before its rehearsal");
        } catch (IOException | EngineUnavailable | UncheckedIOException notNow) {
            LOG.debug("the first order will be slower: {}", notNow.getMessage());
        } finally {
            scratch.delete();
        }
    }

    private void once(Path root) throws IOException, InterruptedException {
        Start order = order();
        LeaseId lease = order.lease();
        LeaseFolder folder = LeaseFolder.of(root, lease);
        folder.create(context.settings().user());
        try (LeaseJournal journal = LeaseJournal.open(root.resolve("spool"), SPOOL_BYTES);
                LogRing log = LogRing.open(folder.log(), context.settings().log())) {
            journal.take(order);
            journal.move(lease, new LeaseStage.Pulling());
            askEngine(order, folder, log);
            LeaseStage.Running running = new LeaseStage.Running(NO_DIGEST, Instant.now(), BootMark.now());
            journal.move(lease, _ -> running, new AgentReport.Started(lease, NO_DIGEST, running.startedAt()));
        }
    }

    /** As it comes from the server. */
    private static Start order() {
        JobSpec spec = new JobSpec(
                "rehearsal",
                "rehearsal.invalid/none@sha256:" + NO_DIGEST,
                List.of("none"),
                Map.of(),
                1,
                new JobSpec.GpuDemand(0, null, 0, true),
                1,
                MEMORY_MIB,
                AFTER.toMillis(),
                Ath.ZERO,
                Ath.ZERO,
                Map.of(),
                JobSpec.Network.NONE,
                Set.of());
        LeaseId lease = new JobId(new UUID(0, 0)).task(0).lease(1);
        Start start = new Start(lease, spec, Map.of(), List.of(), 1, Instant.now(), Json.digest(spec));
        Synced synced = new Synced(0, List.of(new Ordered(1, start)), 0, Instant.now());
        return (Start)
                Json.read(Json.bytes(synced), Synced.class).orders().getFirst().order();
    }

    private void askEngine(Start order, LeaseFolder folder, LogRing log) throws IOException, InterruptedException {
        DockerEngine engine = context.engine();
        try {
            ContainerPlan plan = new Preparation(context, order, folder).plan();
            expectRefusal(() -> engine.create(plan));
            expectRefusal(() -> engine.attach(NO_DIGEST, log).close());
            folder.markStart();
            expectRefusal(() -> engine.start(NO_DIGEST, plan));
            engine.find(order.lease());
        } catch (StartFailure impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private interface Asking {
        void ask() throws StartFailure, InterruptedException;
    }

    private static void expectRefusal(Asking question) throws InterruptedException {
        try {
            question.ask();
            throw new IllegalStateException("the engine has what cannot exist");
        } catch (StartFailure | DockerException refused) {
            LOG.trace("as expected: {}", refused.getMessage());
        }
    }
}
