package io.athanor.query.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.epoch.MatchLeaf;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.PauseView;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.util.List;

/** Epochs, settlement batches with their leaves, the parameters in force, pauses, and canaries. */
public final class EpochProjection implements Projection {
    private static final Table<EpochView> EPOCH = Table.of("epoch", EpochView.class, "epoch");
    private static final Table<BatchView> BATCH = Table.of("batch", BatchView.class, "seq");
    private static final Table<LeafRow> LEAF = Table.of("leaf", LeafRow.class, "epoch", "kind", "task", "fence");
    private static final Table<NewestRow> NEWEST = Table.of("newest_epoch", NewestRow.class, "one");
    private static final Table<PauseView> PAUSE = Table.of("network_pause", PauseView.class, "index");
    private static final Table<ParametersRow> PARAMETERS = Table.of("parameters", ParametersRow.class, "version");

    private static final Table<CanaryView> CANARY = Table.of("canary", CanaryView.class, "epoch");

    private static final String OPEN = "OPEN";
    private static final String COMPUTED = "COMPUTED";
    private static final String CLOSED = "CLOSED";

    /**
     * @param fence 0 for a settlement
     * @param leaf its bytes, 0x hex
     */
    private record LeafRow(long epoch, int kind, TaskId task, int fence, String leaf) {}

    /** The epoch that opened last: leases are made in it. */
    private record NewestRow(int one, long epoch) {}

    private record ParametersRow(int version, ParametersActivated parameters) {}

    @Override
    public String name() {
        return "epochs";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(EPOCH, BATCH, LEAF, NEWEST, PARAMETERS, PAUSE, CANARY);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return EpochEvent.class.isAssignableFrom(type)
                || type == JobAssigned.class
                || type == JobSettled.class
                || type == ParametersActivated.class
                || type == NetworkPaused.class
                || type == CanariesCommitted.class
                || type == CanariesOpened.class;
    }

    @Override
    public void declare(Event event, Keys keys) {
        switch (event) {
            case SettlementAnchored e -> keys.add(BATCH, e.seq());
            case EpochEvent e -> keys.add(EPOCH, e.epoch());
            case JobAssigned e -> keys.add(NEWEST, 1);
            case CanariesCommitted e -> keys.add(CANARY, e.epoch());
            case CanariesOpened e -> keys.add(CANARY, e.plan().epoch());
            default -> {
                // Leaves and parameter sets are only ever added.
            }
        }
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        long index = fact.index();
        switch (fact.readable()) {
            case EpochOpened e -> {
                rows.put(EPOCH, opened(e, index));
                rows.put(NEWEST, new NewestRow(1, e.epoch()));
            }
            case JobAssigned e -> leased(e, rows);
            case RewardsComputed e -> rows.put(EPOCH, computed(rows.get(EPOCH, e.epoch()), e, index));
            case SettlementBatched e -> rows.put(BATCH, batched(e, index));
            case SettlementAnchored e -> rows.put(BATCH, anchored(rows.get(BATCH, e.seq()), e, index));
            case WithdrawalsRooted e -> rows.get(EPOCH, e.epoch());
            case WithdrawalsAnchored e -> rows.get(EPOCH, e.epoch());
            case EpochClosed e -> rows.put(EPOCH, closed(rows.get(EPOCH, e.epoch()), e, index));
            case JobSettled e -> leaf(rows, e.epoch(), LeafKind.SETTLEMENT, e.task(), 0, SettlementLeaf.of(e));
            case ParametersActivated e -> rows.add(PARAMETERS, new ParametersRow(e.version(), e));
            case NetworkPaused e -> rows.add(PAUSE, new PauseView(index, e.guardian(), e.why(), e.at(), e.until()));
            case CanariesCommitted e -> rows.put(CANARY, committed(e, index));
            case CanariesOpened e ->
                rows.put(CANARY, opened(rows.get(CANARY, e.plan().epoch()), e, index));
            default -> throw new IllegalArgumentException("not of this projection: " + fact.event());
        }
    }

    private static CanaryView committed(CanariesCommitted e, long index) {
        return new CanaryView(
                e.epoch(), e.commitment(), e.at(), null, List.of(), Ath.ZERO, null, null, null, null, index);
    }

    private static CanaryView opened(CanaryView row, CanariesOpened e, long index) {
        return new CanaryView(
                row.epoch(),
                row.commitment(),
                row.committedAt(),
                e.plan(),
                e.orders(),
                e.paid(),
                e.undelivered(),
                e.reruns(),
                e.irreproducible(),
                e.at(),
                index);
    }

    private static void leased(JobAssigned e, Rows rows) {
        NewestRow newest = rows.find(NEWEST, 1);
        if (newest != null) {
            int fence = e.lease().id().fence();
            leaf(rows, newest.epoch(), LeafKind.MATCH, e.task(), fence, MatchLeaf.match(e));
            leaf(rows, newest.epoch(), LeafKind.AGREEMENT, e.task(), fence, MatchLeaf.agreement(e));
        }
    }

    private static void leaf(Rows rows, long epoch, LeafKind kind, TaskId task, int fence, byte[] bytes) {
        rows.add(LEAF, new LeafRow(epoch, kind.number(), task, fence, Hex.encode(bytes)));
    }

    private static EpochView opened(EpochOpened e, long index) {
        return new EpochView(
                e.epoch(),
                OPEN,
                e.startsAt(),
                e.endsAt(),
                e.blockNumber(),
                e.blockHash(),
                e.eligible().size(),
                Ath.ZERO,
                Ath.ZERO,
                Ath.ZERO,
                Ath.ZERO,
                null,
                null,
                index);
    }

    private static EpochView computed(EpochView row, RewardsComputed e, long index) {
        return new EpochView(
                row.epoch(),
                COMPUTED,
                row.startsAt(),
                row.endsAt(),
                row.blockNumber(),
                row.blockHash(),
                row.eligible(),
                e.clientCost(),
                e.providerEmission(),
                e.checkerEmission(),
                e.protocolFee(),
                e.root(),
                null,
                index);
    }

    private static EpochView closed(EpochView row, EpochClosed e, long index) {
        return new EpochView(
                row.epoch(),
                CLOSED,
                row.startsAt(),
                row.endsAt(),
                row.blockNumber(),
                row.blockHash(),
                row.eligible(),
                row.clientCost(),
                row.providerEmission(),
                row.checkerEmission(),
                row.protocolFee(),
                row.rewardsRoot(),
                e.at(),
                index);
    }

    private static BatchView batched(SettlementBatched e, long index) {
        return new BatchView(
                e.batch().seq(),
                e.epoch(),
                e.batch().previous(),
                e.batch().root(),
                e.batch().count(),
                e.batch().total(),
                null,
                null,
                false,
                index);
    }

    private static BatchView anchored(BatchView row, SettlementAnchored e, long index) {
        return new BatchView(
                row.seq(),
                row.epoch(),
                row.previous(),
                row.root(),
                row.count(),
                row.total(),
                e.transaction(),
                e.block(),
                true,
                index);
    }
}
