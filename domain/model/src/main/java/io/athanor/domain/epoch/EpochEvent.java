package io.athanor.domain.epoch;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;

/** What happened to an epoch. Amounts in wei. */
public sealed interface EpochEvent extends Event {
    long epoch();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.EPOCH, epoch());
    }

    /**
     * @param eligible who may be drawn in the next epoch
     * @param eligibleDigest {@link Candidate#digest} of it
     */
    record EpochOpened(
            long epoch,
            Instant startsAt,
            Instant endsAt,
            long blockNumber,
            Hash32 blockHash,
            List<Candidate> eligible,
            Hash32 eligibleDigest,
            Instant at)
            implements EpochEvent {
        public EpochOpened {
            eligible = List.copyOf(eligible);
        }
    }

    /** Moves the epoch's emission into its clearing account and the protocol fee out of it. */
    record RewardsComputed(
            long epoch,
            int formulaVersion,
            Ath clientCost,
            Ath providerEmission,
            Ath checkerEmission,
            Ath protocolFee,
            int accounts,
            Hash32 root,
            Instant at)
            implements EpochEvent {}

    record SettlementBatched(long epoch, Batch batch, Instant at) implements EpochEvent {}

    record SettlementAnchored(long epoch, long seq, Hash32 transaction, long block, Instant at) implements EpochEvent {}

    /** What may be withdrawn, as it stood when the epoch closed. */
    record WithdrawalsRooted(long epoch, Payout payout, Instant at) implements EpochEvent {}

    record WithdrawalsAnchored(long epoch, long number, Hash32 transaction, long block, Instant at)
            implements EpochEvent {}

    record EpochClosed(long epoch, ChainHead head, Instant at) implements EpochEvent {}
}
