package io.athanor.local.devnet;

import io.athanor.local.engine.Checkout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Athanor's own programs, as the build leaves them: classes and a folder of libraries. */
public final class Programs {
    private Programs() {}

    /** The node. */
    public static List<String> node() {
        return java(
                "deploy/node",
                "io.athanor.node.NodeApplication",
                "-Xms128m",
                "-Xmx640m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=4");
    }

    /** The agent's program, which also has the checker's role. */
    public static List<String> agent(List<String> arguments) {
        List<String> line = new ArrayList<>(java(
                "gpu-agent",
                "io.athanor.agent.Main",
                "-Xms8m",
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
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
