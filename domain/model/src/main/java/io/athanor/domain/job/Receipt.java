package io.athanor.domain.job;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Sha256;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the machine says of a container that ended, signed by its device key.
 *
 * <p>Times: {@code runMillis} is the agent's monotonic clock and the only one that bills; the instants are the
 * machine's wall clock and inform only.
 *
 * @param ending how the container ended
 * @param exitCode null where no process ran
 * @param outputs in path order
 * @param log digest of the log as kept by the agent, null where there is none
 * @param signature Ed25519 over the receipt's canonical JSON without this field, as 0x hex
 */
public record Receipt(
        LeaseId lease,
        String container,
        String image,
        Ending ending,
        @Nullable Integer exitCode,
        Instant startedAt,
        Instant endedAt,
        long runMillis,
        List<Output> outputs,
        @Nullable Sha256 log,
        long logBytes,
        String signature) {
    public Receipt {
        outputs = List.copyOf(outputs);
    }

    /** One file from {@code /out}, by its path relative to it. */
    public record Output(String path, Sha256 sha256, long bytes) {}

    /** The receipt without its signature: what is signed. */
    public Receipt unsigned() {
        return new Receipt(
                lease, container, image, ending, exitCode, startedAt, endedAt, runMillis, outputs, log, logBytes, "");
    }
}
