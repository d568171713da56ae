package io.athanor.agent;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps the owner's disk from filling up: below the reserve no new lease is taken, and below the watermark the agent's own
 * images go. All amounts in MiB.
 */
final class DiskGuard {
    private static final long BYTES_PER_MIB = 1 << 20;

    private final Path data;
    private final AgentSettings.Disk limits;

    DiskGuard(Path data, AgentSettings.Disk limits) {
        this.data = data;
        this.limits = limits;
    }

    /** Free space where the leases' files lie, 0 where it cannot be read; a folder in a chroot has no file store to ask. */
    long freeMib() {
        return data.toFile().getUsableSpace() / BYTES_PER_MIB;
    }

    /** Why no new lease may be taken, if so. */
    Optional<String> full() {
        long free = freeMib();
        return free < limits.reserveMib()
                ? Optional.of("this machine's disk is nearly full: " + free + " MiB are free, and "
                        + limits.reserveMib() + " are its owner's")
                : Optional.empty();
    }

    /** True while images should go. A disk that cannot be read is no reason to remove any. */
    boolean low() {
        return data.toFile().getTotalSpace() > 0 && freeMib() < limits.imageWatermarkMib();
    }
}
