package io.athanor.local.verify;

import io.athanor.local.engine.Checkout;
import io.athanor.local.engine.NodePackages;
import io.athanor.local.network.Progress;
import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One Maven run over all modules with shared engines, and the table of its stages. */
public final class Verification {

    /** Tests wait more than they compute: two modules at a time on two cores take little longer than one. */
    private static final List<String> MAVEN_ARGUMENTS = List.of("-B", "-T2", "--fail-at-end", "verify");

    private final PrintStream out;
    private final MavenOutput output = new MavenOutput();

    /** Prints to this stream. */
    public Verification(PrintStream out) {
        this.out = out;
    }

    /** Runs all checks and tests; the exit status, 0 only where all passed and some test ran. */
    public int run(Map<String, String> engines, List<String> arguments, Progress progress) {
        progress.say("npm packages");
        long begin = System.nanoTime();
        NodePackages.ensure();
        output.add(Stage.DOWNLOADS, Duration.ofNanos(System.nanoTime() - begin));
        int exit = maven(engines, arguments);
        printTable();
        if (exit == 0 && output.tests() == 0) {
            out.println("No test ran.");
            return 1;
        }
        return exit;
    }

    private int maven(Map<String, String> engines, List<String> arguments) {
        Path root = Checkout.root();
        List<String> command = new ArrayList<>();
        command.add(Commands.find("mvn").orElse(root.resolve("mvnw")).toString());
        command.addAll(MAVEN_ARGUMENTS);
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().putAll(engines);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("ATHANOR_HOME", root.toString());
        try {
            Process maven = builder.start();
            Thread stop = new Thread(() -> end(maven), "maven-stop");
            Runtime.getRuntime().addShutdownHook(stop);
            follow(maven);
            return maven.waitFor();
        } catch (IOException failed) {
            throw new EngineFailure(
                    "Maven cannot be run: " + failed.getMessage() + ".", "apt-get install maven", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EngineFailure("Interrupted.", "Run './athanor test' again.", interrupted);
        }
    }

    private void follow(Process maven) {
        try (BufferedReader lines = maven.inputReader(StandardCharsets.UTF_8)) {
            long last = System.nanoTime();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                if (output.accept(line, Duration.ofNanos(now - last))) {
                    out.println(line);
                }
                last = now;
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Ends Maven with the forks it started: they are its descendants, and nobody else's. */
    private static void end(Process maven) {
        List<ProcessHandle> forks = maven.descendants().toList();
        maven.destroy();
        forks.forEach(ProcessHandle::destroy);
    }

    private void printTable() {
        out.println();
        Duration total = Duration.ZERO;
        for (Stage stage : Stage.values()) {
            Duration time = output.time(stage);
            total = total.plus(time);
            row(stage.title(), time, "of " + stage.budget().toMinutes() + " min");
        }
        row("in all", total, "");
        out.println();
        out.println("All modules: " + output.summary());
    }

    private void row(String title, Duration time, String budget) {
        out.printf(Locale.ROOT, "  %-28s %7.1f s  %s%n", title, time.toMillis() / 1000.0, budget);
    }
}
