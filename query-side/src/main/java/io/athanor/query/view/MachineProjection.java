package io.athanor.query.view;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.HardwareChanged;
import io.athanor.domain.machine.MachineEvent.InspectionOpened;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineRejected;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.machine.MachineEvent.MaintenanceAnnounced;
import io.athanor.domain.machine.MachineEvent.MaintenanceEnded;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.machine.MachineEvent.QualityScored;
import io.athanor.domain.machine.Quality.Scored;
import io.athanor.domain.machine.TestedCapacity;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Machines, what they are made of, and how they did on their newest days. */
public final class MachineProjection implements Projection {
    private static final Table<MachineRow> MACHINE = Table.of("machine", MachineRow.class, "id");
    private static final Table<InventoryRow> INVENTORY = Table.of("machine_inventory", InventoryRow.class, "machine");

    private static final Table<QualityRow> QUALITY = Table.of("machine_quality", QualityRow.class, "machine");
    private static final int DAYS_SHOWN = 7;

    private record QualityRow(MachineId machine, List<Scored> days) {
        QualityRow {
            days = List.copyOf(days);
        }

        QualityRow with(Scored day) {
            List<Scored> more = new ArrayList<>(days);
            more.add(day);
            return new QualityRow(machine, more.subList(Math.max(0, more.size() - DAYS_SHOWN), more.size()));
        }
    }

    private record InventoryRow(MachineId machine, Inventory inventory) {}

    @Override
    public String name() {
        return "machines";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(MACHINE, INVENTORY, QUALITY);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return MachineEvent.class.isAssignableFrom(type);
    }

    @Override
    public void declare(Event event, Keys keys) {
        keys.add(MACHINE, ((MachineEvent) event).machine());
        if (event instanceof QualityScored e) {
            keys.add(QUALITY, e.machine());
        }
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        MachineEvent event = (MachineEvent) fact.readable();
        if (event instanceof HardwareChanged e) {
            rows.put(INVENTORY, new InventoryRow(e.machine(), e.inventory()));
        }
        if (event instanceof QualityScored e) {
            QualityRow known = rows.find(QUALITY, e.machine());
            rows.put(QUALITY, (known == null ? new QualityRow(e.machine(), List.of()) : known).with(e.scored()));
        }
        if (event instanceof MachineEnrolled e) {
            rows.put(INVENTORY, new InventoryRow(e.machine(), e.inventory()));
            rows.put(MACHINE, enrolled(e, fact.index()));
        } else {
            rows.put(MACHINE, changed(rows.get(MACHINE, event.machine()), event, fact.index()));
        }
    }

    private static MachineRow enrolled(MachineEnrolled e, long index) {
        return new MachineRow(
                e.machine(),
                e.provider(),
                e.agentKey(),
                Standing.ENROLLED,
                false,
                0,
                null,
                e.inventory().gpus().size(),
                0,
                Map.of(),
                null,
                e.at(),
                index);
    }

    private static String maintained(MaintenanceAnnounced e) {
        return "takes no new work from " + e.from() + (e.until() == null ? " on" : " until " + e.until());
    }

    private static String tested(CapacityTested e) {
        TestedCapacity capacity = new TestedCapacity(e.round(), e.measured(), e.certified());
        return capacity.measured() == 0
                ? "did not answer the capacity test of round " + e.round()
                : "showed " + capacity.percent() + " % of its certificate in round " + e.round();
    }

    private static MachineRow changed(MachineRow row, MachineEvent event, long index) {
        return switch (event) {
            case MachineEnrolled e -> enrolled(e, index);
            case InspectionOpened e ->
                row.standing(Standing.INSPECTING, row.score(), "inspected in round " + e.round(), index);
            case MachineCertified e -> row.standing(Standing.CERTIFIED, e.score(), null, index);
            case MachineRejected e -> row.standing(Standing.REJECTED, 0, e.why(), index);
            case CapacityTested e -> row.noted(tested(e), index);
            case OfferListed e -> row.priced(e.price(), index);
            case GpusReserved e -> row.holding(e.lease(), e.gpus().size(), index);
            case GpusReleased e -> row.holding(e.lease(), 0, index);
            case MachineWentOffline e -> row.online(false, e.why(), index);
            case MachineWentOnline e -> row.online(true, null, index);
            case MaintenanceAnnounced e -> row.noted(maintained(e), index);
            case MaintenanceEnded e -> row.noted(null, index);
            case HardwareChanged e ->
                row.withGpus(e.inventory().gpus().size(), index)
                        .standing(Standing.ENROLLED, 0, "its hardware changed", index);
            case QualityScored e -> row.noted(row.note(), index);
            case MachineRetired e -> row.standing(Standing.RETIRED, 0, "retired by its provider", index);
        };
    }
}
