package io.athanor.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process that cannot be mistaken for another: its pid and its start time.
 *
 * <p>The kernel reuses pids, and after a reboot or in a container it does so soon; the start time (clock ticks since
 * boot, field 22 of {@code /proc/PID/stat}) tells the two apart. A zombie counts as dead
 * once all its threads are gone.
 *
 * @param pid the process id
 * @param startTicks start time in clock ticks since boot
 */
public record ProcessIdentity(long pid, long startTicks) {

    private static final Duration POLL = Duration.ofMillis(20);
    /** Field 22 of {@code stat}, counted from the state, the first field after the command's closing bracket. */
    private static final int START_TIME_AFTER_COMMAND = 19;

    /** The identity of the process that has this pid now; empty where there is none or only a zombie. */
    public static Optional<ProcessIdentity> ofLive(long pid) {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        } catch (IOException gone) {
            return Optional.empty();
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        boolean dead = fields[0].equals("X") || (fields[0].equals("Z") && !hasOtherThreads(pid));
        return dead
                ? Optional.empty()
                : Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_TIME_AFTER_COMMAND])));
    }

    /** A killed process's first thread is a zombie before its others have closed their files and sockets. */
    private static boolean hasOtherThreads(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.count() > 1;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether this very process still lives. */
    public boolean isAlive() {
        return ofLive(pid).filter(this::equals).isPresent();
    }

    /** Sends a signal, if this very process still lives. */
    public void signal(ProcessSignal signal) {
        if (isAlive()) {
            Commands.run(List.of("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal.name(), Long.toString(pid)));
        }
    }

    /** Waits until it is gone; false where it outlived the limit. */
    public boolean awaitExit(Duration limit) {
        return Waiting.until(limit, POLL, () -> !isAlive());
    }

    /** Asks it to end, and kills it where it does not within the limit. */
    public void end(ProcessSignal polite, Duration limit) {
        signal(polite);
        if (!awaitExit(limit)) {
            signal(ProcessSignal.KILL);
            awaitExit(Duration.ofSeconds(5));
        }
    }
}
