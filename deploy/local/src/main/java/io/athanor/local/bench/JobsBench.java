package io.athanor.local.bench;

import io.athanor.local.bench.BenchReport.AJob;
import io.athanor.local.bench.BenchReport.Memory;
import io.athanor.local.bench.BenchReport.Rates;
import io.athanor.local.bench.BenchReport.Rounds;
import io.athanor.local.bench.peers.Latency;
import io.athanor.local.bench.peers.Phase;
import io.athanor.local.bench.peers.PhaseResult;
import io.athanor.local.network.Network;
import io.athanor.local.network.Progress;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.Waiting;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Runs the phases against a network that is up, and puts together what they came to. */
final class JobsBench {
    private static final String SIMULATED =
            "machines, GPUs, containers, checkers' looks at machines; checkers sign batches without a replay";
    private static final List<String> PROCESSES =
            List.of("node", "postgres", "anvil", BenchNetwork.LOAD, BenchNetwork.CHECKERS);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(10);
    private static final long KIB_PER_MIB = 1_024;
    private static final String SETTLED = "job.Settled";

    private final Network network;
    private final BenchSettings settings;
    private final LoadClient load;
    private final Progress progress;

    JobsBench(Network network, BenchNetwork bench, BenchSettings settings, Progress progress) {
        this.network = network;
        this.settings = settings;
        this.load = new LoadClient(bench);
        this.progress = progress;
    }

    /** All counters at one instant. */
    private record Snapshot(long nanos, Counters counters, Map<String, Usage> usage, long events, long settled) {}

    BenchReport run() throws SQLException, InterruptedException {
        String url = network.database().adminUrl();
        progress.say("the floor: single INSERTs with a commit each");
        Floor floor = Floor.measure(url);
        BenchClients.deposit(network);
        progress.say("waiting for the certification of " + settings.machines() + " simulated machines");
        load.awaitCertified(settings.machines());
        BenchClients.awaitCredited(network);
        try (Connection connection = DriverManager.getConnection(url)) {
            History history = new History(connection);
            progress.say("warming up with " + settings.warmUpTasks() + " tasks");
            load.run(new Phase(settings.warmUpTasks(), settings.array(), settings.inFlight()));
            awaitSettled(history, settings.warmUpTasks());
            progress.say("idle: " + settings.idleTasks() + " tasks, one after the other");
            Latency idle = load.run(new Phase(settings.idleTasks(), 1, 1)).submitToRunning();
            awaitSettled(history, settings.warmUpTasks() + settings.idleTasks());
            progress.say("load: " + settings.tasks() + " tasks");
            return measured(connection, history, floor, idle);
        }
    }

    private BenchReport measured(Connection connection, History history, Floor floor, Latency idle)
            throws SQLException {
        Snapshot before = snapshot(connection, history);
        Rounds cold = rounds(history);
        Instant begin = Instant.now();
        CompletableFuture<PhaseResult> running = CompletableFuture.supplyAsync(
                () -> load.run(new Phase(settings.tasks(), settings.array(), settings.inFlight())));
        while (!running.isDone()) {
            Waiting.pause(LOOK);
            history.look();
            tell(history);
        }
        PhaseResult result = running.join();
        Instant end = Instant.now();
        awaitSettled(history, before.settled() + settings.tasks());
        Snapshot after = snapshot(connection, history);
        Rounds rounds = rounds(history).since(cold);
        Sustained sustained = Sustained.between(connection, begin, end);
        return report(floor, idle, result, before, after, rounds, sustained);
    }

    private static Rounds rounds(History history) {
        return new Rounds(history.count("round.Finalized"), history.count("round.Inconclusive"), 0);
    }

    private void tell(History history) {
        progress.say("tasks: " + history.count("job.Submitted") + " submitted, " + history.count("job.Started")
                + " started, " + history.count("job.Completed") + " ended, " + history.count(SETTLED) + " settled");
    }

    private void awaitSettled(History history, long settled) throws SQLException {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        long told = System.nanoTime();
        history.look();
        while (history.count(SETTLED) < settled) {
            if (System.nanoTime() > end) {
                throw new EngineFailure(
                        history.count(SETTLED) + " of " + settled + " tasks were settled in time.",
                        "See the logs of node and simulated-checkers.");
            }
            if (System.nanoTime() - told > LOOK.toNanos()) {
                tell(history);
                told = System.nanoTime();
            }
            Waiting.pause(POLL);
            history.look();
        }
    }

    private Snapshot snapshot(Connection connection, History history) throws SQLException {
        history.look();
        return new Snapshot(System.nanoTime(), Counters.of(connection), usage(), history.all(), history.count(SETTLED));
    }

    private Map<String, Usage> usage() {
        ProcessRegistry registry = new ProcessRegistry(network.layout().data());
        Map<String, Usage> usage = new LinkedHashMap<>();
        for (String name : PROCESSES) {
            registry.live(name)
                    .ifPresent(process ->
                            usage.put(name, Usage.of(process.identity().pid())));
        }
        return usage;
    }

    private BenchReport report(
            Floor floor,
            Latency idle,
            PhaseResult result,
            Snapshot before,
            Snapshot after,
            Rounds rounds,
            Sustained sustained) {
        double seconds = (after.nanos() - before.nanos()) / 1e9;
        double tasks = settings.tasks();
        long events = after.events() - before.events();
        Map<String, BigDecimal> cpu = new LinkedHashMap<>();
        Map<String, Memory> memory = new LinkedHashMap<>();
        after.usage().forEach((name, used) -> {
            Usage earlier = before.usage().get(name);
            long millis = used.cpuMillis() - (earlier == null ? 0 : earlier.cpuMillis());
            cpu.put(name, BenchReport.rounded(millis / tasks));
            memory.put(name, new Memory(used.rssKib() / KIB_PER_MIB, used.pssKib() / KIB_PER_MIB));
        });
        Rates rates = new Rates(
                BenchReport.rounded(tasks / result.seconds()),
                BenchReport.rounded(tasks / seconds),
                sustained.tasksASecond(),
                sustained.epochs(),
                BenchReport.rounded(result.seconds()),
                BenchReport.rounded(seconds),
                BenchReport.rounded(events / result.seconds() / floor.eightConnections()));
        return new BenchReport(
                SIMULATED,
                settings,
                Runtime.getRuntime().availableProcessors(),
                floor,
                idle,
                result.submitToRunning(),
                rates,
                cpu,
                aJob(before, after, events),
                memory,
                rounds,
                result.failures(),
                result.newestFailure());
    }

    private AJob aJob(Snapshot before, Snapshot after, long events) {
        Counters was = before.counters();
        Counters is = after.counters();
        double tasks = settings.tasks();
        return new AJob(
                BenchReport.rounded(events / tasks),
                BenchReport.rounded((is.transactions() - was.transactions()) / tasks),
                BenchReport.rounded((is.writes() - was.writes()) / tasks),
                BenchReport.rounded((is.walBytes() - was.walBytes()) / tasks),
                BenchReport.rounded((is.storedBytes() - was.storedBytes()) / tasks));
    }
}
