package io.athanor.domain.epoch;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.hash.Hash32;
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
 * <p>Invariant: it only grows, so a record keeps its position for ever.
 */
public final class RecordLog {
    private final Function<Object, Sha256> digest;
    private final List<byte[]> leaves = new ArrayList<>();
    private int epochsPerDay;
    private long lastEpoch = -1;
    private long lastNumber;
    private int lastSize;

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

    /** Takes the next event of the history; the state that it fixes, where it fixes one. */
    public Optional<Checkpoint> take(Event event) {
        RecordLeaf.of(event, digest).ifPresent(leaves::add);
        if (event instanceof ParametersActivated e) {
            epochsPerDay = e.parameters().timing().epochsPerDay();
        }
        return event instanceof EpochClosed e ? closed(e) : Optional.empty();
    }

    private Optional<Checkpoint> closed(EpochClosed e) {
        boolean due = isDue(e.epoch(), lastEpoch, epochsPerDay, leaves.size() - lastSize);
        if (!due) {
            return Optional.empty();
        }
        lastEpoch = e.epoch();
        lastSize = leaves.size();
        return Optional.of(new Checkpoint(
                ++lastNumber, leaves.size(), MerkleTree.root(leaves), e.head().seq()));
    }

    /**
     * Whether the closing of an epoch fixes a state.
     *
     * @param last the epoch that fixed the last one, -1 before the first
     * @param epochsPerDay 0 while no parameters are known
     * @param grown leaves since then
     */
    public static boolean isDue(long epoch, long last, int epochsPerDay, long grown) {
        return epochsPerDay > 0 && grown > 0 && SettlementDay.begins(epoch, last, epochsPerDay);
    }
}
