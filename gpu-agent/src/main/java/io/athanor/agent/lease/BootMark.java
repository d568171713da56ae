package io.athanor.agent.lease;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A moment on the machine's monotonic clock, which no change of the wall clock moves. Two processes of one boot share that
 * clock on Linux (CLOCK_MONOTONIC), so a restarted agent still knows how long a container has run.
 *
 * @param boot the kernel's id of this boot
 * @param nanos of the monotonic clock
 */
public record BootMark(String boot, long nanos) {
    private static final String BOOT = readBoot();

    /** This moment. */
    public static BootMark now() {
        return new BootMark(BOOT, System.nanoTime());
    }

    /** False when the machine was restarted since: the clock began anew, and no container outlived it. */
    public boolean ofThisBoot() {
        return boot.equals(BOOT);
    }

    /** Time since this moment; zero when it was before a restart of the machine. */
    public Duration elapsed() {
        return ofThisBoot() ? Duration.ofNanos(System.nanoTime() - nanos) : Duration.ZERO;
    }

    private static String readBoot() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException failed) {
            throw new UncheckedIOException("this system does not name its boot; the agent runs on Linux", failed);
        }
    }
}
