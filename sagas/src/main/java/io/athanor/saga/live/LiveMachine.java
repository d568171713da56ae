package io.athanor.saga.live;

import io.athanor.domain.attestation.Attendance;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.machine.Quality;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A machine, with what the epochs need of it besides its own stream.
 *
 * @param machine its state by the domain's own fold
 * @param certifiedAt of the certificate in force, null while there is none
 * @param quality a settlement day at a time
 * @param frozen how it was when an epoch gave way to the next, by that epoch: what the epoch's books are made of
 * @param losses leases lost by the provider's cause, by the epoch that was newest then; old epochs are dropped
 * @param outage its newest time away, null where it never was
 * @param attendance at its capacity tests
 */
public record LiveMachine(
        Machine machine,
        @Nullable Instant certifiedAt,
        Quality quality,
        Map<Long, Machine> frozen,
        Map<Long, Integer> losses,
        @Nullable Outage outage,
        Attendance attendance) {
    static final LiveMachine NEW =
            new LiveMachine(Machine.EMPTY, null, Quality.UNKNOWN, Map.of(), Map.of(), null, Attendance.NONE);

    /**
     * How many epochs back frozen states and losses are kept. Closing an epoch's books lets go of them; this is the bound
     * where books stay open while epochs catch up after a long outage.
     */
    private static final long EPOCHS_KEPT = 1_000;

    public LiveMachine {
        quality = Objects.requireNonNullElse(quality, Quality.UNKNOWN);
        frozen = Map.copyOf(frozen);
        losses = Map.copyOf(losses);
        attendance = Objects.requireNonNullElse(attendance, Attendance.NONE);
    }

    LiveMachine evolve(MachineEvent event) {
        Machine after = machine.evolve(event);
        Instant certified = event instanceof MachineCertified e
                ? e.at()
                : after.standing() == Machine.Standing.CERTIFIED ? certifiedAt : null;
        return new LiveMachine(
                after,
                certified,
                event instanceof MachineEnrolled ? Quality.UNKNOWN : quality,
                frozen,
                losses,
                after(event),
                attendance);
    }

    private @Nullable Outage after(MachineEvent event) {
        return switch (event) {
            case MachineWentOffline e -> Outage.begun(e.at(), outage);
            case MachineWentOnline e -> outage == null ? null : outage.endedAt(e.at());
            default -> outage;
        };
    }

    LiveMachine away(UnaryOperator<Outage> change) {
        return outage == null
                ? this
                : new LiveMachine(machine, certifiedAt, quality, frozen, losses, change.apply(outage), attendance);
    }

    LiveMachine lost(long epoch, Quality after) {
        Map<Long, Integer> more = new HashMap<>(losses);
        more.merge(epoch, 1, Integer::sum);
        more.keySet().removeIf(old -> old < epoch - EPOCHS_KEPT);
        return new LiveMachine(machine, certifiedAt, after, frozen, more, outage, attendance);
    }

    /** Keeps how it is now for the books of the epoch that gives way; leases are no part of it. */
    LiveMachine freeze(long epoch) {
        Map<Long, Machine> more = new HashMap<>(frozen);
        more.keySet().removeIf(old -> old < epoch - EPOCHS_KEPT);
        more.put(epoch, machine.forBooks());
        return new LiveMachine(machine, certifiedAt, quality, more, losses, outage, attendance);
    }

    LiveMachine thaw(long epoch) {
        Map<Long, Machine> rest = new HashMap<>(frozen);
        rest.keySet().removeIf(old -> old <= epoch);
        return new LiveMachine(machine, certifiedAt, quality, rest, losses, outage, attendance);
    }

    LiveMachine with(Quality newQuality) {
        return new LiveMachine(machine, certifiedAt, newQuality, frozen, losses, outage, attendance);
    }

    LiveMachine with(Attendance newest) {
        return new LiveMachine(machine, certifiedAt, quality, frozen, losses, outage, newest);
    }

    /** Leases lost by the provider's cause while the epoch was the newest. */
    public int lossesIn(long epoch) {
        return losses.getOrDefault(epoch, 0);
    }
}
