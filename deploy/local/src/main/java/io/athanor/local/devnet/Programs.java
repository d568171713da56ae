package io.athanor.local.devnet;

import io.athanor.local.engine.Checkout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Athanor's own programs, as the build leaves them: classes and a folder of libraries. */
public final class Programs {
    /**
     * The quick compiler alone. On two cores the optimising one takes a quarter of a busy node's time for minutes, and what
     * it has not reached yet runs in slow, counting code meanwhile. A server with cores to spare leaves this out.
     */
    private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    private Programs() {}

    /** The node; {@code more} are further options of its virtual machine. */
    public static List<String> node(List<String> more) {
        List<String> options =
                new ArrayList<>(List.of("-Xms256m", "-Xmn160m", "-Xmx640m", "-XX:+UseSerialGC", QUICK_COMPILER));
        options.addAll(more);
        return java("deploy/node", "io.athanor.node.NodeApplication", options.toArray(String[]::new));
    }

    /** A program of the launcher itself, such as the benchmark's simulated peers. */
    public static List<String> local(Class<?> main, List<String> arguments) {
        List<String> line =
                new ArrayList<>(java("deploy/local", main.getName(), "-Xmx384m", "-XX:+UseSerialGC", QUICK_COMPILER));
        line.addAll(arguments);
        return line;
    }

    /** The agent's program, which also has the checker's role. */
    public static List<String> agent(List<String> arguments) {
        List<String> line = new ArrayList<>(
                java("gpu-agent", "io.athanor.agent.Main", "-Xms8m", "-Xmx96m", "-XX:+UseSerialGC", QUICK_COMPILER));
        line.addAll(arguments);
        return line;
    }

    /** The stand-alone auditor. */
    public static List<String> audit(List<String> arguments) {
        List<String> line =
                new ArrayList<>(java("domain/audit", "io.athanor.audit.AuditMain", "-Xmx512m", "-XX:+UseSerialGC"));
        line.addAll(arguments);
        return line;
    }

    private static List<String> java(String module, String main, String... options) {
        Path folder = Checkout.root().resolve(module).resolve("target");
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(options));
        line.add("--enable-native-access=ALL-UNNAMED");
        line.add("-cp");
        line.add(folder.resolve("classes") + ":" + folder.resolve("lib") + "/*");
        line.add(main);
        return line;
    }
}
