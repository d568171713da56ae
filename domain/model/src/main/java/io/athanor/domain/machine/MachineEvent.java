package io.athanor.domain.machine;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to a machine. */
public sealed interface MachineEvent extends Event {
    MachineId machine();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.MACHINE, machine());
    }

    record MachineEnrolled(
            MachineId machine,
            Wallet provider,
            String agentKey,
            Inventory inventory,
            Authorization authorization,
            Instant at)
            implements MachineEvent {}

    record InspectionOpened(MachineId machine, RoundId round, Instant at) implements MachineEvent {}

    record MachineCertified(MachineId machine, RoundId round, long score, Instant at) implements MachineEvent {}

    record MachineRejected(MachineId machine, RoundId round, String why, Instant at) implements MachineEvent {}

    /** @param measured and {@code certified} in ppm of an H100 */
    record CapacityTested(MachineId machine, RoundId round, long measured, long certified, Instant at)
            implements MachineEvent {}

    record OfferListed(MachineId machine, Ath price, Authorization authorization, Instant at) implements MachineEvent {}

    record GpusReserved(MachineId machine, LeaseId lease, List<String> gpus, Instant at) implements MachineEvent {
        public GpusReserved {
            gpus = List.copyOf(gpus);
        }
    }

    record GpusReleased(MachineId machine, LeaseId lease, Instant at) implements MachineEvent {}

    record MachineWentOffline(MachineId machine, String why, Instant at) implements MachineEvent {}

    record MachineWentOnline(MachineId machine, Instant at) implements MachineEvent {}

    /** No new work from a moment on; {@code until} is null where its owner will say when. */
    record MaintenanceAnnounced(
            MachineId machine, Instant from, @Nullable Instant until, Instant at) implements MachineEvent {}

    record MaintenanceEnded(MachineId machine, Instant at) implements MachineEvent {}

    /** GPUs came, went or changed: the certificate ends and an inspection is due. */
    record HardwareChanged(MachineId machine, Inventory inventory, Instant at) implements MachineEvent {}

    /** A settlement day's books are closed, and this is how the machine did. */
    record QualityScored(MachineId machine, Quality.Scored scored, Instant at) implements MachineEvent {}

    record MachineRetired(MachineId machine, Authorization authorization, Instant at) implements MachineEvent {}
}
