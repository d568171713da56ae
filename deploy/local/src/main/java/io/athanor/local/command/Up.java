package io.athanor.local.command;

import io.athanor.local.Main;
import io.athanor.local.devnet.DevnetAccounts;
import io.athanor.local.doctor.Examination;
import io.athanor.local.engine.Checkout;
import io.athanor.local.network.Network;
import io.athanor.local.network.NetworkLayout;
import io.athanor.local.network.Progress;
import io.athanor.local.network.Services;
import io.athanor.local.network.Supervisor;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSpec;
import io.athanor.local.process.Trees;
import io.athanor.local.process.Waiting;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code athanor up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the whole network on this machine and stays in front; Ctrl-C stops it.",
            "On a data folder that was used before it goes on where that one stopped, also after a crash."
        })
public final class Up implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(100);

    @Mixin
    private NetworkOptions options = new NetworkOptions();

    @Option(names = "--detach", description = "Returns once the network is up; 'athanor down' stops it.")
    private boolean detach;

    @Option(names = "--engines", description = "Starts the engines alone: PostgreSQL, EVM node, containers, registry.")
    private boolean engines;

    @Override
    public Integer call() {
        return detach ? detached() : inFront();
    }

    private int inFront() {
        Progress progress = new Progress(System.out);
        if (Examination.canInstall()) {
            new Examination().fix(progress);
        }
        NetworkLayout layout = options.layout();
        Network network =
                engines ? new Network(layout, System.getenv()) : Services.network(layout, System.getenv(), progress);
        try (Supervisor supervisor = new Supervisor(network, progress)) {
            Thread stop = new Thread(supervisor::close, "network-stop");
            Runtime.getRuntime().addShutdownHook(stop);
            supervisor.start();
            if (!engines) {
                progress.say("client    key in " + DevnetAccounts.clientKey(layout.data())
                        + ", its account holds ATH; try './athanor account', './athanor job submit --help'");
                progress.say("API       " + Services.api(layout) + "/v1, GraphQL at /graphql, OpenAPI at /v3/api-docs");
            }
            progress.say("chain     http://127.0.0.1:" + layout.anvil() + ", contracts in "
                    + layout.data().resolve("contracts.json"));
            progress.say("registry  127.0.0.1:" + layout.registry());
            progress.say("The network is up. './athanor status' lists its processes, Ctrl-C stops them.");
            supervisor.watch();
        }
        return 0;
    }

    private int detached() {
        NetworkLayout layout = options.layout();
        ProcessRegistry registry = new ProcessRegistry(layout.data());
        if (registry.live(Supervisor.NAME).isPresent()) {
            throw new EngineFailure(
                    "A network runs already on " + layout.data() + ".", "Stop it with './athanor down'.");
        }
        // A killed launcher leaves the mark; only the new one's counts.
        Trees.delete(Supervisor.readyFile(layout.data()));
        long begin = sizeOf(registry.logFile(Supervisor.NAME));
        ManagedProcess supervisor = registry.start(
                ProcessSpec.of(Supervisor.NAME, command(layout, engines), Checkout.root(), layout.portBase()));
        long shown = begin;
        while (supervisor.isAlive() && !Supervisor.isReady(layout.data())) {
            shown = show(supervisor.log(), shown);
            Waiting.pause(POLL);
        }
        show(supervisor.log(), shown);
        return supervisor.isAlive() ? 0 : 1;
    }

    private static List<String> command(NetworkLayout layout, boolean engines) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "up",
                "--data",
                layout.data().toString(),
                "--port-base",
                Integer.toString(layout.portBase())));
        if (engines) {
            line.add("--engines");
        }
        return line;
    }

    private static long sizeOf(Path log) {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Prints what the log has got since; where it now ends. */
    private static long show(Path log, long from) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            // A log that was moved aside at the start begins anew.
            file.seek(from > file.length() ? 0 : from);
            byte[] fresh = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(fresh);
            System.out.print(new String(fresh, StandardCharsets.UTF_8));
            System.out.flush();
            return file.getFilePointer();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
