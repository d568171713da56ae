package io.athanor.agent;

import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.ImageCache;
import io.athanor.agent.gpu.GpuDesk;
import io.athanor.agent.lease.LeaseJournal;
import io.athanor.agent.lease.LeaseStage;
import io.athanor.agent.logs.LogRing;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.agent.run.BlobChannel;
import io.athanor.agent.run.LeaseRun;
import io.athanor.agent.run.LogShipping;
import io.athanor.agent.run.RunContext;
import io.athanor.codec.Json;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One task of a job on this machine with no server: the same journal, container, limits and receipt as a lease's, with
 * files from and to folders and the log on a stream.
 */
public final class LocalJob {
    private static final Duration START_WITHIN = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int CHUNK_BYTES = 1 << 16;

    private final AgentSettings settings;
    private final JobSpec spec;
    private final int task;
    private final Map<Sha256, Path> inputs = new HashMap<>();
    private final Path outputs;
    private final PrintStream log;

    /** @param inputs path under {@code /in} → file */
    public LocalJob(
            AgentSettings settings, JobSpec spec, int task, Map<String, Path> inputs, Path outputs, PrintStream log) {
        this.settings = settings;
        this.spec = spec;
        this.task = task;
        this.outputs = outputs;
        this.log = log;
        inputs.forEach((path, file) -> {
            JobSpec.Input named = spec.inputs().get(path);
            if (named == null) {
                throw new IllegalArgumentException("the job has no input " + path);
            }
            this.inputs.put(named.digest(), file);
        });
    }

    /** Runs it to its end and removes its container. */
    public Receipt run() throws IOException, InterruptedException {
        Identity identity = Identity.of(settings.data());
        Files.createDirectories(outputs);
        Path spool = Files.createTempFile(settings.data(), "local", ".spool");
        Files.delete(spool);
        try (GpuSource source = settings.gpus(identity);
                DockerEngine engine = Agent.connect(settings, identity);
                LeaseJournal journal = LeaseJournal.open(spool, settings.spoolBytes())) {
            GpuDesk gpus = new GpuDesk(source);
            RunContext context = new RunContext(
                    journal,
                    engine,
                    ImageCache.open(settings.data().resolve(Agent.IMAGES_FILE), engine),
                    gpus,
                    new Folders(),
                    this::print,
                    _ -> null,
                    identity.key(),
                    InstantSource.system(),
                    Agent.runSettings(settings, identity, gpus));
            Start order = order(gpus);
            gpus.hold(order.lease(), order.gpus()).ifPresent(why -> {
                throw new IllegalStateException(why);
            });
            journal.take(order);
            return await(context, order.lease());
        } finally {
            Files.deleteIfExists(spool);
        }
    }

    private static Receipt await(RunContext context, LeaseId lease) throws InterruptedException {
        LeaseRun run = new LeaseRun(context, lease);
        Thread thread = Thread.ofVirtual().start(run);
        Receipt receipt = null;
        while (receipt == null) {
            LeaseStage stage = context.journal().find(lease).orElseThrow().stage();
            if (stage instanceof LeaseStage.Reported reported) {
                receipt = reported.receipt();
            } else if (!thread.isAlive()) {
                throw new IllegalStateException("the task stopped in " + stage.label());
            } else {
                Thread.sleep(POLL);
            }
        }
        run.acknowledged();
        thread.join();
        return receipt;
    }

    private Start order(GpuDesk gpus) throws IOException {
        SecureRandom random = new SecureRandom();
        JobId job = new JobId(UuidText.v7(System.currentTimeMillis(), random.nextLong(), random.nextLong()));
        Map<String, String> environment = new HashMap<>(spec.env());
        environment.put("ATHANOR_TASK_INDEX", Integer.toString(task));
        List<String> uuids = gpus.inventory().stream()
                .map(Inventory.Gpu::uuid)
                .limit(spec.gpus().count())
                .toList();
        if (uuids.size() < spec.gpus().count()) {
            throw new IOException("the job wants " + spec.gpus().count() + " GPUs; this machine has " + uuids.size());
        }
        return new Start(
                job.task(task).lease(1),
                spec,
                environment,
                uuids,
                spec.maxDurationMillis(),
                Instant.now().plus(START_WITHIN),
                Json.digest(spec));
    }

    /** Inputs are copied from the files that were named, outputs into a folder. */
    private final class Folders implements BlobChannel {
        @Override
        public void fetch(Sha256 digest, long bytes, Path target) throws IOException, InputUnavailable {
            Path file = inputs.get(digest);
            if (file == null || !Files.exists(file)) {
                throw new InputUnavailable("no file was named for the input " + digest);
            }
            Sha256 found = Sha256.of(Files.readAllBytes(file));
            if (!found.equals(digest)) {
                throw new InputUnavailable(file + " is " + found + ", and the job wants " + digest);
            }
            Files.copy(file, target);
        }

        @Override
        public void store(LeaseId lease, Receipt.Output output, Path file) throws IOException {
            Path target = outputs.resolve(output.path());
            Path parent = target.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private LogShipping.Shipment print(LeaseId lease, LogRing ring) {
        CountDownLatch done = new CountDownLatch(1);
        Thread printer = Thread.ofVirtual().name("log-" + lease).start(() -> {
            try {
                long next = 0;
                while (ring.awaitBytesAt(next, START_WITHIN) || !ring.finished()) {
                    byte[] piece = ring.read(next, CHUNK_BYTES);
                    log.write(piece, 0, piece.length);
                    next += piece.length;
                    ring.acknowledged(next);
                }
                log.flush();
            } catch (InterruptedException stopped) {
                log.flush();
            } finally {
                done.countDown();
            }
        });
        return new LogShipping.Shipment() {
            @Override
            public boolean awaitDone(Duration wait) throws InterruptedException {
                return done.await(wait.toMillis(), TimeUnit.MILLISECONDS);
            }

            @Override
            public void close() {
                printer.interrupt();
            }
        };
    }
}
