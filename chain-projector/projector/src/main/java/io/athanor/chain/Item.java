package io.athanor.chain;

import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.epoch.MatchLeaf;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A leaf on its way into a batch of its epoch; where it names none, that is the newest one there is. */
final class Item {
    private final LeafKind kind;
    private final TaskId task;
    private final int fence;
    private final @Nullable Long epoch;
    private final byte[] leaf;

    private Item(LeafKind kind, TaskId task, int fence, @Nullable Long epoch, byte[] leaf) {
        this.kind = kind;
        this.task = task;
        this.fence = fence;
        this.epoch = epoch;
        this.leaf = leaf;
    }

    static Item of(JobSettled e) {
        return new Item(LeafKind.SETTLEMENT, e.task(), 0, e.epoch(), SettlementLeaf.of(e));
    }

    static List<Item> of(JobAssigned e) {
        int fence = e.lease().id().fence();
        return List.of(
                new Item(LeafKind.MATCH, e.task(), fence, null, MatchLeaf.match(e)),
                new Item(LeafKind.AGREEMENT, e.task(), fence, null, MatchLeaf.agreement(e)));
    }

    LeafKind kind() {
        return kind;
    }

    TaskId task() {
        return task;
    }

    int fence() {
        return fence;
    }

    @Nullable Long epoch() {
        return epoch;
    }

    byte[] leaf() {
        return leaf;
    }
}
