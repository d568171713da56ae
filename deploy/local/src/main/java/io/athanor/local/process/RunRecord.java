package io.athanor.local.process;

import java.time.Duration;
import java.util.List;

/**
 * The content of {@code run/NAME.json}: enough for a later launcher to adopt or stop exactly this process.
 *
 * @param name the process's name
 * @param port its port, 0 where it has none
 * @param command its program and arguments
 * @param fingerprint {@link ProcessSpec#fingerprint()}
 * @param stopSignal the signal that asks it to end
 * @param stopSeconds how long it may take to end
 * @param pid its process id
 * @param startTicks its start time, {@link ProcessIdentity}
 */
public record RunRecord(
        String name,
        int port,
        List<String> command,
        String fingerprint,
        ProcessSignal stopSignal,
        long stopSeconds,
        long pid,
        long startTicks) {

    static RunRecord of(ProcessSpec spec) {
        return new RunRecord(
                spec.name(),
                spec.port(),
                spec.command(),
                spec.fingerprint(),
                spec.stopSignal(),
                spec.stopLimit().toSeconds(),
                0,
                0);
    }

    ProcessIdentity identity() {
        return new ProcessIdentity(pid, startTicks);
    }

    Duration stopLimit() {
        return Duration.ofSeconds(stopSeconds);
    }
}
