package io.athanor.domain.epoch;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;

/** Orders to one epoch. */
public sealed interface EpochCommand extends Command {
    long epoch();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.EPOCH, epoch());
    }

    /** The commands that begin a stream. */
    sealed interface Create extends EpochCommand {}

    /**
     * Opens an epoch with a final block.
     *
     * @param eligible the checkers that may be drawn in the next epoch, frozen now
     */
    record OpenEpoch(
            long epoch,
            Instant startsAt,
            Instant endsAt,
            long blockNumber,
            Hash32 blockHash,
            List<Candidate> eligible,
            Instant at)
            implements Create {}

    /** Fixes what the epoch pays; once. */
    record ComputeRewards(long epoch, RewardStatement statement, Instant at) implements EpochCommand {}

    /** Fixes one batch of settled tasks. Batches of all epochs form one chain by {@code seq} and previous head. */
    record BatchSettlements(long epoch, Batch batch, Instant at) implements EpochCommand {}

    /** The batch is final on chain. */
    record AnchorSettlement(long epoch, long seq, Hash32 transaction, long block, Instant at) implements EpochCommand {}

    /** Fixes the root of all withdrawals as they stood when the epoch closed; once. */
    record RootWithdrawals(long epoch, Payout payout, Instant at) implements EpochCommand {}

    /** The epoch's root of withdrawals is final on chain. */
    record AnchorWithdrawals(long epoch, long number, Hash32 transaction, long block, Instant at)
            implements EpochCommand {}

    /** Ends the epoch's books. */
    record CloseEpoch(long epoch, ChainHead head, Instant at) implements EpochCommand {}
}
