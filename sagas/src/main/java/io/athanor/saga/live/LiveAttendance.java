package io.athanor.saga.live;

import io.athanor.domain.attestation.Attendance;
import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.Interests;
import io.athanor.domain.attestation.RollCall;
import io.athanor.domain.attestation.RollCall.Present;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The part of the fold that keeps whether machines were there for their capacity tests. */
final class LiveAttendance {
    private final Live live;
    private final LiveIndexes indexes;

    LiveAttendance(Live live, LiveIndexes indexes) {
        this.live = live;
        this.indexes = indexes;
    }

    /** After the machine's own fold. */
    void look(MachineEvent event) {
        Long epoch = indexes.newestEpoch();
        switch (event) {
            case MachineWentOffline e -> change(e.machine(), attendance -> attendance.gone(epoch, e.at()));
            case MachineWentOnline e -> change(e.machine(), attendance -> attendance.came(epoch));
            case GpusReserved e -> worked(e.machine(), e.lease(), epoch);
            case GpusReleased e -> worked(e.machine(), e.lease(), epoch);
            default -> {
                // It stays where it is.
            }
        }
    }

    void look(RoundOpened round) {
        if (round.round().kind() == RoundId.Kind.CAPACITY) {
            for (Subject subject : round.subjects()) {
                if (subject instanceof MachineSubject known) {
                    change(
                            known.machine(),
                            attendance -> attendance.called(round.round().epoch()));
                }
            }
        }
    }

    /** What members saw differently proves nothing; who answers some and not others passes no test for days. */
    void closed(LiveRound round) {
        long epoch = round.opened().round().epoch();
        LiveNetwork network = live.network.get(Live.NETWORK);
        ParametersActivated version = network == null ? null : network.parametersOf(epoch);
        if (round.opened().round().kind() == RoundId.Kind.CAPACITY && version != null) {
            int epochsPerDay = version.parameters().timing().epochsPerDay();
            for (Subject subject : round.opened().subjects()) {
                Verdict verdict = round.verdictOf(subject.key());
                if (verdict != null && !verdict.conclusive() && subject instanceof MachineSubject known) {
                    change(known.machine(), attendance -> attendance.undecided(epoch, epochsPerDay));
                }
            }
        }
    }

    /** An epoch gives way: who of its drawn machines was not there? */
    void over(@Nullable Long newest) {
        Epoch known = newest == null ? null : live.epochs.get(newest);
        EpochOpened epoch = known == null ? null : known.opened();
        LiveNetwork network = live.network.get(Live.NETWORK);
        ParametersActivated version = epoch == null || network == null ? null : network.parametersOf(epoch.epoch());
        if (epoch != null && network != null && version != null) {
            List<Present> machines = new ArrayList<>();
            live.machines.rows().forEach((id, machine) -> {
                Wallet provider = machine.machine().provider();
                if (provider != null) {
                    machines.add(new Present(
                            id,
                            machine.machine(),
                            machine.attendance(),
                            Provider.groupOf(live.providers.get(provider), provider),
                            isForItself(machine.machine())));
                }
            });
            Hash32 seed = CapacityDay.seed(
                    epoch.blockHash(), network.saltsOf(epoch.epoch()).salts(), epoch.epoch());
            RollCall.missing(epoch.epoch(), seed, version.parameters(), machines)
                    .forEach((id, attendance) -> change(id, before -> attendance));
        }
    }

    private void change(MachineId id, UnaryOperator<Attendance> change) {
        live.changeMachine(id, machine -> machine.with(change.apply(machine.attendance())));
    }

    /** What the control plane takes from a machine that is away says nothing. */
    private void worked(MachineId id, LeaseId lease, @Nullable Long epoch) {
        LiveMachine known = live.machines.get(id);
        Machine machine = known == null ? null : known.machine();
        if (machine != null
                && machine.online()
                && isOwn(machine, lease)
                && (machine.reserved().isEmpty() || isForItself(machine))) {
            change(id, attendance -> attendance.workedForItself(epoch));
        }
    }

    private boolean isForItself(Machine machine) {
        return !machine.reserved().isEmpty()
                && machine.reserved().keySet().stream().allMatch(lease -> isOwn(machine, lease));
    }

    private boolean isOwn(Machine machine, LeaseId lease) {
        LiveTask task = live.tasks.get(lease.task());
        Wallet provider = machine.provider();
        return task != null && provider != null && isRelated(task.job().order().client(), provider);
    }

    /** Whether a client works for itself on a provider's machines, by the rules in force. */
    boolean isRelated(Wallet client, Wallet provider) {
        LiveNetwork network = live.network.get(Live.NETWORK);
        Integer share = network == null || network.protocol().inForce() == null
                ? null
                : network.protocol().current().parameters().committee().interestBps();
        return Interests.isRelated(
                client,
                List.of(
                        Provider.groupOf(live.providers.get(client), client),
                        Checker.groupOf(live.checkers.get(client), client)),
                provider,
                Provider.groupOf(live.providers.get(provider), provider),
                live.pools.get(PoolId.ofProvider(provider)),
                share);
    }
}
