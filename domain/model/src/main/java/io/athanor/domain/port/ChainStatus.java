package io.athanor.domain.port;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the bridge between the event log and the chain stands, for operators. */
public interface ChainStatus {
    Report report();

    /** Lets what halted go on; what is still wrong halts it again, with its reason. */
    void resume();

    /**
     * What stopped until it is resumed.
     *
     * @param part CHAIN: everything; OUTBOUND: only what goes to the chain
     */
    record Halt(String part, String reason, Instant since) {}

    /**
     * @param waitingFor what passes by itself and is tried again, as this node last met it; null where nothing is
     * @param openBatches how many batches that are not final are in which state
     * @param readBlock the last block whose transfers the log has, -1 before the first
     * @param finalBlock the chain's newest final block, null where its node does not answer
     * @param submitter the account that sends the batches
     * @param submitterBalance in wei of the chain's own coin, a decimal; null where the node does not answer
     */
    record Report(
            List<Halt> halted,
            @Nullable String waitingFor,
            Map<String, Integer> openBatches,
            long readBlock,
            @Nullable Long finalBlock,
            String submitter,
            @Nullable String submitterBalance) {
        public Report {
            halted = List.copyOf(halted);
            openBatches = Map.copyOf(openBatches);
        }
    }
}
