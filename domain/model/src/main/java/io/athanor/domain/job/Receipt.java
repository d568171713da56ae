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
 * @param streams how quick the container's relayed streams were; null where it had none, and in receipts from before this
 *     was measured, whose signed bytes are the same with and without the field
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
        @Nullable Quality streams,
        String signature) {
    public Receipt {
        outputs = List.copyOf(outputs);
    }

    /** The receipt of a container without streams. */
    public Receipt(
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
        this(
                lease, container, image, ending, exitCode, startedAt, endedAt, runMillis, outputs, log, logBytes, null,
                signature);
    }

    /**
     * How long pieces of the container's streams took from it until the server had acknowledged them: quality of experience
     * on the machine's part of the way, by the machine's own word. Quantiles in microseconds, over the newest 1,024 pieces.
     *
     * <p>Error: {@link IllegalArgumentException} for figures that no pieces have.
     *
     * @param pieces of all streams that the agent which wrote this relayed, at least one
     */
    public record Quality(long pieces, long p50Micros, long p95Micros) {
        public Quality {
            if (pieces < 1 || p50Micros < 0 || p95Micros < p50Micros) {
                throw new IllegalArgumentException(
                        "no " + pieces + " pieces have the quantiles " + p50Micros + " and " + p95Micros);
            }
        }
    }

    /** One file from {@code /out}, by its path relative to it. */
    public record Output(String path, Sha256 sha256, long bytes) {}

    /** The receipt without its signature: what is signed. */
    public Receipt unsigned() {
        return signed("");
    }

    /** The same receipt with this signature. */
    public Receipt signed(String by) {
        return new Receipt(
                lease, container, image, ending, exitCode, startedAt, endedAt, runMillis, outputs, log, logBytes,
                streams, by);
    }
}
