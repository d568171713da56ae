package io.athanor.chain;

import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import java.time.InstantSource;
import java.util.List;

/**
 * What the log owes the chain, written in the transaction of the processor's token; no question to the chain here.
 *
 * <p>A batch's members were fixed by its epoch: the settled tasks of the epoch in task order. The sealer recomputes the
 * root from the tasks' own events and halts on a difference; it never chooses.
 */
final class ChainOutbox {
    private final ChainStore store;
    private final InstantSource clock;

    ChainOutbox(ChainStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void on(Event event, long index) {
        switch (event) {
            case NetworkBegun e -> store.network(e.chainId(), e.genesis());
            case ParametersActivated e ->
                store.timing(
                        e.parameters().timing().slotMillis(),
                        e.parameters().timing().epochMillis());
            case EpochOpened e -> store.epochOpened(e.epoch(), e.at(), e.endsAt());
            case JobSettled e ->
                store.item(
                        e.task(),
                        e.epoch(),
                        SettlementLeaf.of(e),
                        e.assessment().cost());
            case SettlementBatched e -> seal(e, index);
            default -> {
                // Every other event is none of the chain's business.
            }
        }
    }

    private void seal(SettlementBatched event, long index) {
        Batch batch = event.batch();
        if (store.hasBatch(batch.seq())) {
            return;
        }
        List<byte[]> leaves = store.take(batch.seq(), event.epoch(), batch.count());
        Hash32 root = MerkleTree.root(leaves);
        store.seal(batch, event.epoch(), index);
        if (leaves.size() != batch.count() || !root.equals(batch.root())) {
            store.halt(
                    "batch " + batch.seq() + " states root " + batch.root() + " over " + batch.count()
                            + " leaves, but the settled tasks of epoch " + event.epoch() + " give " + root + " over "
                            + leaves.size(),
                    clock.instant());
        }
    }
}
