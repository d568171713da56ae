package io.athanor.agent.docker;

import io.athanor.domain.wire.AgentProtocol.LeaseUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one running container has used, read from the kernel's files and not through the engine, so that looking costs
 * nothing worth naming. Knows control groups of both versions, and nothing of GPUs.
 */
final class JobUsage {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Pattern CPU = Pattern.compile("^usage_usec (\\d+)$", Pattern.MULTILINE);
    private static final Pattern INTERFACE =
            Pattern.compile("^ *([^:\\n]+): *(\\d+)(?: +\\d+){7} +(\\d+)(?: +\\d+){7}", Pattern.MULTILINE);
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private JobUsage() {}

    /** Empty where the process is gone or the kernel does not tell. */
    static Optional<LeaseUsage> of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            List<String> groups = Files.readAllLines(process.resolve("cgroup"));
            long[] traffic = traffic(Files.readString(process.resolve("net/dev")));
            return Optional.of(
                    Files.exists(CGROUPS.resolve("cgroup.controllers"))
                            ? second(CGROUPS.resolve(groupOf("", groups)), traffic)
                            : first(groups, traffic));
        } catch (IOException goneOrUnknown) {
            return Optional.empty();
        }
    }

    private static LeaseUsage second(Path group, long[] traffic) throws IOException {
        return new LeaseUsage(
                cpuMicros(Files.readString(group.resolve("cpu.stat"))) / MICROS_PER_MILLI,
                number(group.resolve("memory.current")),
                number(group.resolve("pids.current")),
                traffic[0],
                traffic[1],
                0,
                0,
                null);
    }

    private static LeaseUsage first(List<String> groups, long[] traffic) throws IOException {
        return new LeaseUsage(
                number(CGROUPS.resolve("cpuacct")
                                .resolve(groupOf("cpuacct", groups))
                                .resolve("cpuacct.usage"))
                        / NANOS_PER_MILLI,
                number(CGROUPS.resolve("memory")
                        .resolve(groupOf("memory", groups))
                        .resolve("memory.usage_in_bytes")),
                number(CGROUPS.resolve("pids").resolve(groupOf("pids", groups)).resolve("pids.current")),
                traffic[0],
                traffic[1],
                0,
                0,
                null);
    }

    /** A line is {@code number:controllers:/path}; version 2 has one line, with no controllers. */
    static String groupOf(String controller, List<String> lines) throws IOException {
        return lines.stream()
                .map(line -> line.split(":", 3))
                .filter(parts ->
                        parts.length == 3 && List.of(parts[1].split(",")).contains(controller))
                .map(parts -> parts[2].substring(1))
                .findFirst()
                .orElseThrow(() -> new IOException("no control group for '" + controller + "'"));
    }

    static long cpuMicros(String stat) throws IOException {
        Matcher usage = CPU.matcher(stat);
        if (!usage.find()) {
            throw new IOException("cpu.stat without usage_usec");
        }
        return Long.parseLong(usage.group(1));
    }

    /** Received and sent bytes of all interfaces but the loopback. */
    static long[] traffic(String devices) {
        long[] sums = new long[2];
        INTERFACE
                .matcher(devices)
                .results()
                .filter(line -> !line.group(1).equals("lo"))
                .forEach(line -> {
                    sums[0] += Long.parseLong(line.group(2));
                    sums[1] += Long.parseLong(line.group(3));
                });
        return sums;
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }
}
