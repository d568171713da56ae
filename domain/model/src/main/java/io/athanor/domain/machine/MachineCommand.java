package io.athanor.domain.machine;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders to a machine. */
public sealed interface MachineCommand extends Command {
    MachineId machine();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.MACHINE, machine());
    }

    /** The commands that begin a stream. */
    sealed interface Create extends MachineCommand {}

    /**
     * Joins a machine under its provider's authorisation.
     *
     * @param agentKey the device's Ed25519 public key, 0x hex of 32 bytes
     */
    record EnrollMachine(
            MachineId machine,
            Wallet provider,
            String agentKey,
            Inventory inventory,
            ProtocolParameters.Admission admission,
            Authorization authorization,
            Instant at)
            implements Create {}

    record OpenInspection(MachineId machine, RoundId round, Instant at) implements MachineCommand {}

    /** @param score capacity relative to an H100, in ppm */
    record CertifyMachine(MachineId machine, RoundId round, long score, Instant at) implements MachineCommand {}

    record RejectMachine(MachineId machine, RoundId round, String why, Instant at) implements MachineCommand {}

    /**
     * What a daily capacity test found of a certified machine.
     *
     * @param measured in ppm of an H100
     */
    record RecordCapacity(MachineId machine, RoundId round, long measured, Instant at) implements MachineCommand {}

    /** @param price per GPU-second, in wei */
    record ListOffer(MachineId machine, Ath price, Authorization authorization, Instant at) implements MachineCommand {}

    /** Reserves exactly these GPUs for a lease, or is refused with GPU_TAKEN. */
    record ReserveGpus(MachineId machine, LeaseId lease, List<String> gpus, Instant at) implements MachineCommand {}

    record ReleaseGpus(MachineId machine, LeaseId lease, Instant at) implements MachineCommand {}

    record TakeOffline(MachineId machine, String why, Instant at) implements MachineCommand {}

    record BringOnline(MachineId machine, Instant at) implements MachineCommand {}

    /**
     * The machine's owner wants no new work on it for a time.
     *
     * @param from may be past: then at once
     * @param until null until {@link EndMaintenance}
     */
    record AnnounceMaintenance(
            MachineId machine, Instant from, @Nullable Instant until, Instant at) implements MachineCommand {}

    /** The machine takes work again, as far as its owner goes. */
    record EndMaintenance(MachineId machine, Instant at) implements MachineCommand {}

    /** The agent opened a session and reports what the machine has now. */
    record ReportHardware(MachineId machine, Inventory inventory, Instant at) implements MachineCommand {}

    /** Says how the machine did on a settlement day whose books are closed; each day once, in their order. */
    record ScoreQuality(MachineId machine, Quality.Scored scored, Instant at) implements MachineCommand {}

    /** Leaves for good. Refused while leases are open. */
    record RetireMachine(MachineId machine, Authorization authorization, Instant at) implements MachineCommand {}
}
