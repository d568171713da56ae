package io.athanor.domain.epoch;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleFrontier;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The log of records that the contracts can prove from: the {@link RecordLeaf leaves} of a history in its order. With the
 * first epoch that closes in a settlement day its state is fixed, and a quorum signs it.
 *
 * <p>The last record of each fixed state is the {@link LeafKind#HISTORY history} itself: the root over the lines of all
 * events up to the closing that fixed it. So each anchored root binds every event before it, those of no record too.
 *
 * <p>Invariant: it only grows, so a record keeps its position for ever.
 */
public final class RecordLog {
    private final Function<Object, Sha256> digest;
    private final List<byte[]> leaves = new ArrayList<>();
    private final MerkleFrontier history = MerkleFrontier.empty();
    private int epochsPerDay;
    private long lastEpoch = -1;
    private long lastNumber;

    /** @param digest of a value's canonical JSON */
    public RecordLog(Function<Object, Sha256> digest) {
        this.digest = digest;
    }

    /**
     * A state of the log.
     *
     * @param number from 1
     * @param size leaves, more than those of the state before
     * @param seq the newest batch in the history behind it
     */
    public record Checkpoint(long number, long size, Hash32 root, long seq) {}

    /**
     * Takes the next event of the history; the state that it fixes, where it fixes one.
     *
     * @param index its place in the history
     * @param line as it is exported, without its end
     */
    public Optional<Checkpoint> take(Event event, long index, byte[] line) {
        history.add(line);
        RecordLeaf.of(event, digest).ifPresent(leaves::add);
        if (event instanceof ParametersActivated e) {
            epochsPerDay = e.parameters().timing().epochsPerDay();
        }
        return event instanceof EpochClosed e ? closed(e, index) : Optional.empty();
    }

    private Optional<Checkpoint> closed(EpochClosed e, long index) {
        if (!isDue(e.epoch(), lastEpoch, epochsPerDay)) {
            return Optional.empty();
        }
        lastEpoch = e.epoch();
        leaves.add(RecordLeaf.history(history.size(), index, history.root()));
        return Optional.of(new Checkpoint(
                ++lastNumber, leaves.size(), MerkleTree.root(leaves), e.head().seq()));
    }

    /**
     * Whether the closing of an epoch fixes a state.
     *
     * @param last the epoch that fixed the last one, -1 before the first
     * @param epochsPerDay 0 while no parameters are known
     */
    public static boolean isDue(long epoch, long last, int epochsPerDay) {
        return epochsPerDay > 0 && SettlementDay.begins(epoch, last, epochsPerDay);
    }
}
