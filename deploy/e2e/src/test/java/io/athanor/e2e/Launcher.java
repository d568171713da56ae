package io.athanor.e2e;

import io.athanor.local.engine.Checkout;
import io.athanor.local.network.Network;
import io.athanor.local.network.NetworkLayout;
import io.athanor.local.network.Progress;
import io.athanor.local.network.Services;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real launcher script with a data folder and ports of a test's own. */
final class Launcher {
    private static final long MINUTES = 8;

    private final Path data;
    private final int portBase;
    private final Map<String, String> environment;

    Launcher(Path data, int portBase) {
        this(data, portBase, Map.of());
    }

    /** @param environment what the launcher finds beside the test's own */
    Launcher(Path data, int portBase, Map<String, String> environment) {
        this.data = data;
        this.portBase = portBase;
        this.environment = Map.copyOf(environment);
    }

    /** What a run printed. */
    record Run(int exit, String out, String err) {}

    Run run(String... arguments) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(Checkout.root().resolve("athanor").toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--data", data.toString(), "--port-base", Integer.toString(portBase)));
        Path out = Files.createTempFile("athanor", ".out");
        Path err = Files.createTempFile("athanor", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroy();
            throw new AssertionError(
                    "the launcher did not end within " + MINUTES + " minutes: " + Files.readString(err));
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** The network that the launcher runs on this folder, seen from here. */
    Network network() {
        return Services.network(new NetworkLayout(data, portBase), System.getenv(), new Progress(System.err));
    }

    /** Sends a signal such as {@code STOP} to one process, by the record that the launcher keeps. */
    void signal(String name, String signal) throws IOException, InterruptedException {
        long pid = new ProcessRegistry(data).live(name).orElseThrow().identity().pid();
        int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("no signal " + signal + " to " + name + " (" + pid + ")");
        }
    }

    /** SIGKILL, by the record that the launcher keeps. */
    void kill(String name) {
        new ProcessRegistry(data).live(name).ifPresent(ManagedProcess::kill);
    }
}
