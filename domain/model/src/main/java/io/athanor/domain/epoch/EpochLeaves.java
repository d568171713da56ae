package io.athanor.domain.epoch;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * All leaves of an epoch in their order: its settlements by task, then the matches of the leases that were made in it by
 * lease, then their agreements in the same order. They fill its batches one after the other.
 *
 * <p>A lease belongs to the epoch that was the newest one when it was made, by the order of the history.
 */
public final class EpochLeaves {
    private final List<JobSettled> settled;
    private final List<JobAssigned> leases;

    public EpochLeaves(Collection<JobSettled> settled, Collection<JobAssigned> leases) {
        this.settled =
                settled.stream().sorted(Comparator.comparing(JobSettled::task)).toList();
        this.leases = leases.stream()
                .sorted(Comparator.comparing(assigned -> assigned.lease().id()))
                .toList();
    }

    public int size() {
        return settled.size() + 2 * leases.size();
    }

    /** The batch on top of this head that begins with leaf {@code from}, as large as batches may be. */
    public Batch batch(ChainHead head, int from) {
        return batch(head, from, Limits.BATCH_LEAVES);
    }

    /** The batch on top of this head with up to {@code most} leaves, beginning with leaf {@code from}. */
    public Batch batch(ChainHead head, int from, int most) {
        List<byte[]> leaves = leaves(from, most);
        return new Batch(head.seq() + 1, head.head(), MerkleTree.root(leaves), leaves.size(), total(from, most));
    }

    /** The leaves from {@code from} on, at most {@code most}. */
    public List<byte[]> leaves(int from, int most) {
        List<byte[]> leaves = new ArrayList<>();
        for (int at = from; at < end(from, most, size()); at++) {
            leaves.add(leaf(at));
        }
        return leaves;
    }

    private static int end(int from, int most, int size) {
        return (int) Math.min(size, (long) from + most);
    }

    private byte[] leaf(int at) {
        if (at < settled.size()) {
            return SettlementLeaf.of(settled.get(at));
        }
        int place = at - settled.size();
        return place < leases.size()
                ? MatchLeaf.match(leases.get(place))
                : MatchLeaf.agreement(leases.get(place - leases.size()));
    }

    /** What the tasks settled there cost. */
    private Ath total(int from, int most) {
        int end = end(from, most, settled.size());
        return from >= end
                ? Ath.ZERO
                : Ath.sum(settled.subList(from, end).stream()
                        .map(task -> task.assessment().cost())
                        .toList());
    }
}
