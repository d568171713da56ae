package io.athanor.domain.attestation;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.penalty.OutageExemption;
import io.athanor.domain.penalty.OutageExemption.Seen;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who of an epoch's drawn machines was not there to be tested, by its own doing, taken when the epoch gives way to the next.
 *
 * <p>Invariant: a pure function. What others did is nobody's miss: a client's lease, an outage in which the machines of other
 * owners dropped too (which is what it looks like when the control plane hears nobody), a test that the network did not hold.
 */
public final class RollCall {
    /** A test's round may be open for so many epochs. */
    private static final long ROUND_EPOCHS = 3;

    private final long epoch;
    private final Hash32 seed;
    private final ProtocolParameters parameters;
    private final Collection<Present> machines;
    private final Map<String, Boolean> drawn = new HashMap<>();
    private List<Seen> seen = List.of();

    private RollCall(long epoch, Hash32 seed, ProtocolParameters parameters, Collection<Present> machines) {
        this.epoch = epoch;
        this.seed = seed;
        this.parameters = parameters;
        this.machines = machines;
    }

    /**
     * A machine as the epoch ends.
     *
     * @param group its owner's
     * @param forItself whether it has leases, and all of them are its own owner's
     */
    public record Present(MachineId id, Machine machine, Attendance attendance, String group, boolean forItself) {}

    /**
     * What changes of those who missed a test, in machine order; nobody where the network tests nobody.
     *
     * @param epoch that gives way
     * @param seed of its tests, by {@link CapacityDay#seed}
     */
    public static Map<MachineId, Attendance> missing(
            long epoch, Hash32 seed, ProtocolParameters parameters, Collection<Present> machines) {
        return parameters.admission().capacity() == null
                ? Map.of()
                : new RollCall(epoch, seed, parameters, machines).missing();
    }

    private Map<MachineId, Attendance> missing() {
        Map<MachineId, Attendance> changed = new TreeMap<>();
        for (Present each : machines) {
            boolean worked = each.attendance.hasWorkedIn(epoch);
            boolean left = each.attendance.hasLeftIn(epoch);
            boolean absent = left || !each.machine.online();
            boolean own = worked || each.forItself;
            if ((absent || own) && isDrawn(each)) {
                boolean away = absent && !isExcused(each);
                if (away || own) {
                    boolean moved = worked || (away && left);
                    changed.put(each.id, each.attendance.missing(epoch, moved, epochsPerDay()));
                }
            }
        }
        return changed;
    }

    private int epochsPerDay() {
        return parameters.timing().epochsPerDay();
    }

    private boolean isDrawn(Present each) {
        return each.machine.standing() == Standing.CERTIFIED
                && !CapacityDay.isSeenOfDay(each.machine, epoch, epochsPerDay())
                && !each.attendance.isBeingTested(epoch, ROUND_EPOCHS)
                && drawn.computeIfAbsent(each.group, group -> CapacityDay.isDrawn(seed, group, epoch, epochsPerDay()));
    }

    private boolean isExcused(Present absent) {
        Inventory inventory = absent.machine.inventory();
        List<Instant> drops = absent.attendance.drops();
        return inventory != null
                && !drops.isEmpty()
                && OutageExemption.excuses(
                        absent.group,
                        inventory.region(),
                        drops.getFirst(),
                        seen(),
                        parameters.accountable().penalties().outage());
    }

    private List<Seen> seen() {
        if (seen.isEmpty()) {
            seen = allSeen();
        }
        return seen;
    }

    private List<Seen> allSeen() {
        List<Seen> all = new ArrayList<>(machines.size());
        for (Present each : machines) {
            Inventory inventory = each.machine.inventory();
            if (inventory != null && each.machine.standing() == Standing.CERTIFIED) {
                all.add(new Seen(each.group, inventory.region(), each.attendance.drops()));
            }
        }
        return all;
    }
}
