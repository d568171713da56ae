package io.athanor.local.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a long-running child process is.
 *
 * @param name unique in one data folder; names its record and its log file
 * @param command the program and its arguments
 * @param environment added to the launcher's own
 * @param directory its working folder
 * @param port the TCP port it listens on, 0 where it has none
 * @param stopSignal the signal that asks it to end
 * @param stopLimit how long it may take to end before it is killed
 */
public record ProcessSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        int port,
        ProcessSignal stopSignal,
        Duration stopLimit) {

    /** Time a process gets to end by itself unless its engine says otherwise. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    /** Copies, so that a specification never changes. */
    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A process that ends on TERM. */
    public static ProcessSpec of(String name, List<String> command, Path directory, int port) {
        return new ProcessSpec(name, command, Map.of(), directory, port, ProcessSignal.TERM, STOP_LIMIT);
    }

    /** The same with an environment. */
    public ProcessSpec with(Map<String, String> variables) {
        return new ProcessSpec(name, command, variables, directory, port, stopSignal, stopLimit);
    }

    /** The same with another way of stopping. */
    public ProcessSpec stoppedBy(ProcessSignal signal, Duration limit) {
        return new ProcessSpec(name, command, environment, directory, port, signal, limit);
    }

    /** Equal for processes that may stand in for each other: a digest over all but the name and the way of stopping. */
    public String fingerprint() {
        String content = command + "\n" + new TreeMap<>(environment) + "\n" + directory.toAbsolutePath() + "\n" + port;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
