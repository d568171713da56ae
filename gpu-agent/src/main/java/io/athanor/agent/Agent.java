package io.athanor.agent;

import io.athanor.agent.docker.CdiSpecs;
import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.ImageCache;
import io.athanor.agent.gpu.GpuDesk;
import io.athanor.agent.gpu.NvidiaToolkit;
import io.athanor.agent.lease.LeaseJournal;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.agent.run.LeaseFolder;
import io.athanor.agent.run.Rehearsal;
import io.athanor.agent.run.RunContext;
import io.athanor.agent.run.RunSettings;
import io.athanor.agent.server.HttpBlobs;
import io.athanor.agent.server.LogUpload;
import io.athanor.agent.server.Prober;
import io.athanor.agent.server.RequestSigner;
import io.athanor.agent.server.ServerClock;
import io.athanor.agent.server.SignedHttp;
import io.athanor.agent.server.StagedUpgrade;
import io.athanor.agent.server.StreamLatencies;
import io.athanor.agent.server.StreamRelay;
import io.athanor.agent.server.SyncLoop;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.OpenSession;
import io.athanor.domain.wire.AgentProtocol.Ready;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent: the parts, put together. States: {@code READY ⇄ DEGRADED} (the engine is away), {@code READY → DRAINING}, and
 * stopped; stopping leaves the containers for the next agent, except where a newer session has taken this machine over.
 */
public final class Agent implements AutoCloseable, SyncLoop.Agent {
    /** In the data folder: the images that this agent pulled. */
    static final String IMAGES_FILE = "images.json";

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** The installed package's version; {@code development} where the agent runs from a build. */
    static final String VERSION = System.getProperty("athanor.agent.version", "development");

    private static final Duration FAULT_WAIT = Duration.ofSeconds(2);

    /** Longer than any one turn of the conversation with the server may take. */
    private static final Duration STUCK = Duration.ofMinutes(3);

    private final AgentSettings settings;
    private final Identity identity;
    private final GpuSource gpuSource;
    private final GpuDesk gpus;
    private final DockerEngine engine;
    private final LeaseJournal journal;
    private final SignedHttp http;
    private final Prober prober;
    private final StreamRelay streams;
    private final Work work;
    private final Rehearsal rehearsal;
    private final Health health;
    private final SyncLoop loop;
    private final StagedUpgrade upgrade;
    private final AgentMetrics metrics;
    private final List<Thread> threads = new ArrayList<>();

    private Agent(AgentSettings settings, Identity identity, LeaseJournal journal, GpuSource source)
            throws IOException {
        this.settings = settings;
        this.identity = identity;
        this.journal = journal;
        gpuSource = source;
        gpus = new GpuDesk(gpuSource, toolkitProblem(gpuSource));
        engine = connect(settings, identity);
        ServerClock clock = new ServerClock();
        http = new SignedHttp(settings.server(), RequestSigner.device(identity.machine(), identity.key()), clock);
        ImageCache images = ImageCache.open(settings.data().resolve(IMAGES_FILE), engine);
        DiskGuard disk = new DiskGuard(settings.data(), settings.disk());
        StreamLatencies latencies = new StreamLatencies();
        RunContext context = new RunContext(
                journal,
                engine,
                images,
                gpus,
                new HttpBlobs(http),
                new LogUpload(http),
                latencies::quality,
                identity.key(),
                clock,
                runSettings(settings, identity, gpus));
        work = new Work(context, disk, latencies);
        rehearsal = new Rehearsal(context);
        prober = new Prober(settings.server(), identity.machine(), identity.key(), work::live, gpus::card);
        streams = new StreamRelay(engine, http, latencies);
        health = new Health(engine, images, gpus, disk, work::measure);
        loop = new SyncLoop(http, clock, journal, this);
        upgrade = new StagedUpgrade(settings.data(), "/agent/v1/readiness", http, this::signReady);
        metrics = new AgentMetrics(settings.metricsPort(), this);
    }

    /** Simulated GPUs need no toolkit. */
    static Optional<String> toolkitProblem(GpuSource gpus) {
        return gpus.simulated() || gpus.inventory().isEmpty()
                ? Optional.empty()
                : NvidiaToolkit.problem(NvidiaToolkit.version(System.getenv().getOrDefault("PATH", "")));
    }

    /** Opens the data folder and reads what an earlier agent left; starts nothing yet. */
    public static Agent open(AgentSettings settings) throws IOException {
        return open(settings, settings.gpus(Identity.of(settings.data())));
    }

    /** As {@link #open(AgentSettings)}, with these GPUs instead of those that the settings name. */
    public static Agent open(AgentSettings settings, GpuSource gpus) throws IOException {
        LeaseJournal journal = LeaseJournal.open(settings.data().resolve("spool"), settings.spoolBytes());
        return new Agent(settings, Identity.of(settings.data()), journal, gpus);
    }

    static DockerEngine connect(AgentSettings settings, Identity identity) throws IOException {
        Path credentials = Files.createDirectories(settings.data().resolve("docker"));
        return DockerEngine.connect(
                settings.dockerHost(), credentials, identity.machine().toString(), settings.containerLabels());
    }

    static RunSettings runSettings(AgentSettings settings, Identity identity, GpuDesk gpus) throws IOException {
        Path jobs = settings.data().resolve("jobs");
        Files.createDirectories(
                jobs, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new RunSettings(
                identity.machine().toString(),
                jobs.toAbsolutePath(),
                LeaseFolder.userFor(jobs),
                settings.grace(),
                settings.unpaidPause(),
                RunSettings.LOG,
                RunSettings.OUTPUTS,
                settings.egressNetwork(),
                CdiSpecs.know(gpus.inventory()));
    }

    /** Works until it is interrupted, or until a newer session has taken over. */
    public void run() throws InterruptedException, SyncLoop.SessionLost {
        if (gpus.simulated()) {
            LOG.warn("the GPUs of this machine are SIMULATED: {}", settings.simulatedGpus());
        }
        work.adopt();
        threads.add(Thread.ofVirtual().name("health").start(health));
        threads.add(Thread.ofVirtual().name("rehearsal").start(rehearsal));
        threads.add(Thread.ofPlatform().daemon().name("gpu-faults").start(this::watchGpus));
        metrics.start();
        ServiceManager.of(System.getenv()).ifPresent(manager -> {
            manager.ready();
            threads.add(Thread.ofVirtual()
                    .name("watchdog")
                    .start(() -> manager.watch(() -> loop.sinceLastTurn().compareTo(STUCK) < 0)));
        });
        LOG.info("agent of machine {} is ready", identity.machine());
        try {
            loop.run();
        } catch (SyncLoop.SessionLost lost) {
            LOG.error("another agent with this machine's key has taken over; this one stops its containers and ends");
            work.stopAll(Ending.LEASE_EXPIRED);
            work.awaitIdle(settings.grace().plusSeconds(20));
            throw lost;
        }
    }

    private void watchGpus() {
        try {
            while (true) {
                gpuSource
                        .awaitFaults(FAULT_WAIT)
                        .forEach(fault -> gpus.fault(fault).ifPresent(work::gpuLost));
            }
        } catch (InterruptedException stopping) {
            LOG.debug("GPU watch ends");
        }
    }

    @Override
    public OpenSession session() {
        try {
            return new OpenSession(
                    Machine.inventory(
                            identity, gpus, settings.region(), health.seen().engineVersion(), settings.data()),
                    VERSION,
                    work.known());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String signReady(Sha256 artifact) {
        byte[] text = Ready.signed(identity.machine(), artifact).getBytes(StandardCharsets.UTF_8);
        return Hex.encode(Ed25519.sign(identity.key(), text));
    }

    @Override
    public Heartbeat heartbeat() {
        Health.Seen seen = health.seen();
        return new Heartbeat(seen.engineUp(), seen.diskFreeMib(), seen.gpus(), work.states());
    }

    @Override
    public void order(AgentOrder order) {
        switch (order) {
            case AgentOrder.Challenge challenge -> prober.answer(challenge);
            case AgentOrder.Execute execute -> streams.execute(execute);
            case AgentOrder.Connect connect -> streams.connect(connect);
            default -> work.order(order);
        }
    }

    @Override
    public void acknowledged(long seq) {
        work.acknowledged(seq);
    }

    @Override
    public void beforePoll() throws InterruptedException {
        upgrade.report();
        try {
            work.wish(DrainWish.read(settings.data()).orElse(null));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read what the owner wants", failed);
        }
    }

    @Override
    public void expired() {
        work.stopAll(Ending.LEASE_EXPIRED);
    }

    Health.Seen seen() {
        return health.seen();
    }

    Work work() {
        return work;
    }

    Identity identity() {
        return identity;
    }

    boolean simulated() {
        return gpus.simulated();
    }

    Path data() {
        return settings.data();
    }

    /** Leaves every container as it is and lets the data folder go. */
    @Override
    public void close() throws IOException {
        threads.forEach(Thread::interrupt);
        try {
            work.leave();
            for (Thread thread : threads) {
                thread.join(FAULT_WAIT.plusSeconds(1));
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        metrics.close();
        prober.close();
        streams.close();
        http.close();
        engine.close();
        gpuSource.close();
        journal.close();
    }
}
