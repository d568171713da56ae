package io.athanor.audit;

import io.athanor.domain.attestation.Attendance;
import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.Interests;
import io.athanor.domain.attestation.RollCall;
import io.athanor.domain.attestation.RollCall.Present;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Job;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Whether machines were there when they were drawn for their capacity tests, gathered from the history. */
final class AttendanceEvidence {
    private final Map<MachineId, Attendance> known = new HashMap<>();
    private @Nullable EpochOpened open;
    /** The newest salts, and what they were when the open epoch began: what it draws by. */
    private Hash32 salts = Hash32.ZERO;

    private Hash32 frozen = Hash32.ZERO;

    void look(World before, Event event) {
        switch (event) {
            case EpochOpened e -> {
                over(before);
                open = e;
                frozen = salts;
            }
            case RoundFinalized e -> {
                salts = e.salts();
                closed(before, e);
            }
            case RoundOpened e when e.round().kind() == RoundId.Kind.CAPACITY -> called(e);
            case MachineWentOffline e -> change(e.machine(), attendance -> attendance.gone(epoch(), e.at()));
            case MachineWentOnline e -> change(e.machine(), attendance -> attendance.came(epoch()));
            case GpusReserved e -> worked(before, e, e.lease());
            case GpusReleased e -> worked(before, e, e.lease());
            default -> {
                // It stays where it is.
            }
        }
    }

    Attendance of(MachineId machine) {
        return known.getOrDefault(machine, Attendance.NONE);
    }

    private @Nullable Long epoch() {
        return open == null ? null : open.epoch();
    }

    private void change(MachineId id, UnaryOperator<Attendance> change) {
        known.put(id, change.apply(of(id)));
    }

    private void called(RoundOpened e) {
        e.subjects().forEach(subject -> {
            if (subject instanceof MachineSubject machine) {
                change(
                        machine.machine(),
                        attendance -> attendance.called(e.round().epoch()));
            }
        });
    }

    /** What members saw differently proves nothing. */
    private void closed(World before, RoundFinalized e) {
        if (e.round().kind() == RoundId.Kind.CAPACITY) {
            long epoch = e.round().epoch();
            int epochsPerDay = before.parametersOf(epoch).timing().epochsPerDay();
            e.verdicts().stream()
                    .filter(verdict -> !verdict.conclusive())
                    .forEach(verdict -> change(
                            MachineId.parse(verdict.subject()),
                            attendance -> attendance.undecided(epoch, epochsPerDay)));
        }
    }

    private void over(World before) {
        EpochOpened epoch = open;
        if (epoch != null) {
            List<Present> machines = new ArrayList<>();
            before.machines.forEach((id, machine) -> {
                Wallet provider = machine.provider();
                if (provider != null) {
                    String group = RoundCheck.groupOf(before, PoolId.ofProvider(provider));
                    machines.add(new Present(id, machine, of(id), group, isForItself(before, machine)));
                }
            });
            Hash32 seed = CapacityDay.seed(epoch.blockHash(), frozen, epoch.epoch());
            known.putAll(RollCall.missing(epoch.epoch(), seed, before.parametersOf(epoch.epoch()), machines));
        }
    }

    /** What the control plane takes from a machine that is away says nothing. */
    private void worked(World before, MachineEvent event, LeaseId lease) {
        Machine after = before.machine(event.machine()).evolve(event);
        if (after.online()
                && isOwn(before, after, lease)
                && (after.reserved().isEmpty() || isForItself(before, after))) {
            change(event.machine(), attendance -> attendance.workedForItself(epoch()));
        }
    }

    private static boolean isForItself(World world, Machine machine) {
        return !machine.reserved().isEmpty()
                && machine.reserved().keySet().stream().allMatch(lease -> isOwn(world, machine, lease));
    }

    private static boolean isOwn(World world, Machine machine, LeaseId lease) {
        Job job = world.tasks.get(lease.task());
        Wallet provider = machine.provider();
        return job != null && provider != null && isRelated(world, job.order().client(), provider);
    }

    /** Whether a client works for itself on a provider's machines, by the rules in force. */
    static boolean isRelated(World world, Wallet client, Wallet provider) {
        Integer share = world.protocol.inForce() == null
                ? null
                : world.protocol.current().parameters().committee().interestBps();
        return Interests.isRelated(
                client,
                List.of(
                        RoundCheck.groupOf(world, PoolId.ofProvider(client)),
                        RoundCheck.groupOf(world, PoolId.ofChecker(client))),
                provider,
                RoundCheck.groupOf(world, PoolId.ofProvider(provider)),
                world.pools.get(PoolId.ofProvider(provider)),
                share);
    }
}
