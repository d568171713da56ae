package io.athanor.local.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The child processes of one data folder.
 *
 * <p>Each has a record {@code run/NAME.json} that the child itself writes before it becomes its program, so that there
 * is no instant at which a launcher killed by force leaves a process that the next one does not know. A child has a
 * session of its own: a Ctrl-C at the terminal reaches only the launcher, which then stops them in order.
 */
public final class ProcessRegistry {

    /** Writes the record with the shell's own pid and start time, then becomes the program. */
    private static final String BECOME = """
            stat=$(cat /proc/$$/stat)
            started() { shift 19; printf '%s' "$1"; }
            draft=$2 record=$1 content=$3
            shift 3
            printf '%s"pid":%s,"startTicks":%s}' "$content" "$$" "$(started ${stat##*) })" > "$draft" || exit 126
            mv "$draft" "$record" || exit 126
            exec "$@"
            """;

    private static final Duration RECORD_POLL = Duration.ofMillis(5);
    /** A launcher stops its own children first, each within its own limit. */
    private static final Duration SELF_STOP = Duration.ofMinutes(3);

    private static final JsonMapper JSON = new JsonMapper();

    private final Path run;
    private final Path logs;

    /** The processes of this data folder. */
    public ProcessRegistry(Path data) {
        this.run = Trees.folder(data.resolve("run").toAbsolutePath());
        this.logs = Trees.folder(data.resolve("log").toAbsolutePath());
    }

    /** Starts a process; the caller has made sure that none of this name lives. */
    public ManagedProcess start(ProcessSpec spec) {
        if (live(spec.name()).isPresent()) {
            throw new EngineFailure("'" + spec.name() + "' runs already.", "Stop it with './athanor down'.");
        }
        Path log = logFile(spec.name());
        Logs.rotate(log, Logs.ROTATE_BYTES);
        ProcessBuilder builder = new ProcessBuilder(commandOf(spec))
                .directory(spec.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(spec.environment());
        Process process;
        try {
            process = builder.start();
        } catch (IOException failed) {
            throw new EngineFailure(
                    "'%s' cannot be started: %s.".formatted(spec.name(), failed.getMessage()),
                    "Run './athanor doctor'.",
                    failed);
        }
        return recorded(spec, process, log);
    }

    private ManagedProcess recorded(ProcessSpec spec, Process process, Path log) {
        Path file = recordFile(spec.name());
        boolean written = Waiting.until(
                ProcessSpec.STOP_LIMIT,
                RECORD_POLL,
                () -> read(file).filter(r -> r.pid() == process.pid()).isPresent() || !process.isAlive());
        return read(file)
                .filter(r -> written && r.pid() == process.pid())
                .map(r -> new ManagedProcess(r, file, log))
                .orElseThrow(() -> new EngineFailure(
                        "'%s' ended before it began: %s".formatted(spec.name(), Logs.tail(log)), "See " + log + "."));
    }

    /** Records the calling process itself, so that another launcher can find and stop it. */
    public void recordSelf(String name, int port) {
        ProcessIdentity self =
                ProcessIdentity.ofLive(ProcessHandle.current().pid()).orElseThrow();
        RunRecord record = new RunRecord(
                name,
                port,
                List.of("athanor"),
                "self",
                ProcessSignal.TERM,
                SELF_STOP.toSeconds(),
                self.pid(),
                self.startTicks());
        try {
            Trees.writePrivately(recordFile(name), JSON.writeValueAsString(record));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a record of strings and numbers", impossible);
        }
    }

    /** Removes a record without touching its process. */
    public void forget(String name) {
        Trees.delete(recordFile(name));
    }

    /** The live process of this name; a record whose process is gone is forgotten. */
    public Optional<ManagedProcess> live(String name) {
        Path file = recordFile(name);
        Optional<RunRecord> record = read(file);
        if (record.isPresent() && !record.get().identity().isAlive()) {
            Trees.delete(file);
            return Optional.empty();
        }
        return record.map(r -> new ManagedProcess(r, file, logFile(name)));
    }

    /** The live process of this name where it was started with the same command, environment and port. */
    public Optional<ManagedProcess> adoptable(ProcessSpec spec) {
        return live(spec.name())
                .filter(process -> read(recordFile(spec.name()))
                        .filter(r -> r.fingerprint().equals(spec.fingerprint()))
                        .isPresent());
    }

    /** Stops the live process of this name, if there is one. */
    public void stop(String name) {
        live(name).ifPresent(ManagedProcess::stop);
    }

    /** All live processes, in the order of their names. */
    public List<ManagedProcess> allLive() {
        List<ManagedProcess> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(run)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .forEach(name -> live(name.substring(0, name.length() - ".json".length()))
                            .ifPresent(found::add));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found;
    }

    /** The log file of a process. */
    public Path logFile(String name) {
        return logs.resolve(name + ".log");
    }

    private Path recordFile(String name) {
        return run.resolve(name + ".json");
    }

    private List<String> commandOf(ProcessSpec spec) {
        Path file = recordFile(spec.name());
        List<String> command = new ArrayList<>(List.of("setsid", "/bin/sh", "-c", BECOME, "sh"));
        command.add(file.toString());
        command.add(run.resolve(spec.name() + ".draft").toString());
        command.add(openRecord(spec));
        command.addAll(spec.command());
        return command;
    }

    /** The record's JSON up to the two members that only the child knows. */
    private static String openRecord(ProcessSpec spec) {
        try {
            String json = JSON.writeValueAsString(RunRecord.of(spec));
            return json.substring(0, json.indexOf("\"pid\":"));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a record of strings and numbers", impossible);
        }
    }

    private static Optional<RunRecord> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), RunRecord.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new EngineFailure(
                    "The record %s cannot be read: %s.".formatted(file, unreadable.getMessage()),
                    "Remove it once its process is gone.",
                    unreadable);
        }
    }
}
