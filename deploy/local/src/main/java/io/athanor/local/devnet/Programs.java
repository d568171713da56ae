package io.athanor.local.devnet;

import io.athanor.local.engine.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Command lines of Athanor's own programs, as the build leaves them: classes and a folder of libraries. */
public final class Programs {
    /**
     * The quick compiler alone. On two cores the optimising one takes a quarter of a busy node's time for minutes, and what
     * it has not reached yet runs in slow, counting code meanwhile. A server with cores to spare leaves this out.
     */
    private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    /** What a node that runs for days has: after some minutes its work costs about half. */
    public static final String BOTH_COMPILERS = "-XX:TieredStopAtLevel=4";

    private Programs() {}

    /** The node; {@code more} are further options of its virtual machine. */
    public static List<String> node(List<String> more) {
        List<String> options =
                new ArrayList<>(List.of("-Xms256m", "-Xmn160m", "-Xmx640m", "-XX:+UseSerialGC", QUICK_COMPILER));
        options.addAll(more);
        return java("deploy/node", "io.athanor.node.NodeApplication", options.toArray(String[]::new));
    }

    /** A program of the launcher itself, such as the benchmark's simulated peers, with both compilers. */
    public static List<String> local(Class<?> main, List<String> arguments) {
        List<String> line = new ArrayList<>(java("deploy/local", main.getName(), "-Xmx384m", "-XX:+UseSerialGC"));
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
        line.add(classPath(folder));
        line.add(main);
        return line;
    }

    /** Jars alone, in the order of their names, since a cache of loaded classes holds for one class path only. */
    private static String classPath(Path folder) {
        try (Stream<Path> own = Files.list(folder);
                Stream<Path> libraries = Files.list(folder.resolve("lib"))) {
            return Stream.concat(own, libraries)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
