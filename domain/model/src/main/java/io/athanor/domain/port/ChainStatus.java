package io.athanor.domain.port;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the bridge between the event log and the chain stands, for operators. */
public interface ChainStatus {
    Report report();

    /** Lets what halted go on; what is still wrong halts it again, with its reason. Refuted matches count as seen. */
    void resume();

    /**
     * What stopped until it is resumed.
     *
     * @param part CHAIN: everything; OUTBOUND: only what goes to the chain; PAYOUTS: only roots of withdrawals
     */
    record Halt(String part, String reason, Instant since) {}

    /**
     * One kind of what goes on chain.
     *
     * @param kind BATCH, PAYOUT, SIGNERS or RECORDS
     * @param open how many that are not final are in which state
     * @param finals how many are final
     * @param gasUsed by those in blocks, all together
     */
    record Lane(String kind, Map<String, Integer> open, long finals, long gasUsed) {
        public Lane {
            open = Map.copyOf(open);
        }
    }

    /**
     * Who pays for the transactions. In wei of the chain's own coin, decimals.
     *
     * @param balance null where no node answers
     * @param refillBelow what its next transactions may cost at today's fees; null likewise
     * @param low whether the balance is below it: time to refill
     * @param feeCap per gas, above which nothing is offered
     */
    record Submitter(
            String wallet,
            @Nullable String balance,
            @Nullable String refillBelow,
            boolean low,
            String feeCap) {}

    /**
     * One of the chain's nodes as this node last met it.
     *
     * @param current whether it is the one that is asked
     * @param trusted whether it said that it is of the expected chain, and has not failed since
     * @param failures since this node started
     * @param lastError null before the first
     */
    record Endpoint(
            String address,
            boolean current,
            boolean trusted,
            long failures,
            @Nullable String lastError) {}

    /**
     * @param alarms what an operator has to do something about, in words; empty while all is well
     * @param waitingFor what passes by itself and is tried again, as this node last met it; null where nothing is
     * @param signerSet the version in force, 0 before the first
     * @param signers its seats, and {@code quorum} of them must sign
     * @param readBlock the last block whose transfers the log has, -1 before the first
     * @param finalBlock the chain's newest final block, null where its node does not answer
     * @param relay who pays for what anybody may send, null where this node leaves that to others
     */
    record Report(
            List<String> alarms,
            List<Halt> halted,
            @Nullable String waitingFor,
            List<Lane> lanes,
            int signerSet,
            int signers,
            int quorum,
            long readBlock,
            @Nullable Long finalBlock,
            Submitter submitter,
            @Nullable Submitter relay,
            List<Endpoint> endpoints) {
        public Report {
            alarms = List.copyOf(alarms);
            halted = List.copyOf(halted);
            lanes = List.copyOf(lanes);
            endpoints = List.copyOf(endpoints);
        }
    }
}
