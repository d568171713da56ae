package io.athanor.saga.live;

import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Neighbours;
import io.athanor.domain.attestation.Neighbours.Measured;
import io.athanor.domain.attestation.Neighbours.Place;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.Lease;
import io.athanor.domain.machine.Absence;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.Quality;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.provider.ProviderEvent.CutOffForQuality;
import io.athanor.domain.provider.ProviderEvent.MachineReadmitted;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.domain.provider.ProviderEvent.ProviderCutOff;
import io.athanor.domain.provider.ProviderEvent.ProviderExpelled;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.provider.ProviderEvent.ProviderReinstated;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.provider.ProviderEvent.SuspendedForQuality;
import io.athanor.domain.provider.ProviderEvent.SuspensionLifted;
import io.athanor.saga.routing.Instance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The part of the fold that keeps how machines do, a settlement day at a time; a day that was told stays as it was told. */
final class LiveQuality {
    private final Live live;
    private final LiveIndexes indexes;
    private final Consumer<Instance> touch;
    private long toldDay = -1;

    LiveQuality(Live live, LiveIndexes indexes, Consumer<Instance> touch) {
        this.live = live;
        this.indexes = indexes;
        this.touch = touch;
    }

    /** The settlement day of an epoch, by the parameters that were in force. */
    long day(long epoch) {
        LiveNetwork known = live.network.get(Live.NETWORK);
        var version = known == null ? null : known.parametersOf(epoch);
        return version == null ? 0 : epoch / version.parameters().timing().epochsPerDay();
    }

    /** How it did, with one lease less. */
    Quality lost(LiveMachine machine, LiveTask task, long epoch, JobLost lost) {
        LiveNetwork known = live.network.get(Live.NETWORK);
        var version = known == null ? null : known.parametersOf(epoch);
        boolean counts = task.job() instanceof Job.Leased leased && counts(task, leased.lease());
        return version == null || !counts
                ? machine.quality()
                : machine.quality()
                        .lost(
                                day(epoch),
                                lost,
                                version.parameters().accountable().standing());
    }

    /** Every machine is told how its day was when the day's books are closed. */
    void booksClosed() {
        LiveNetwork known = live.network.get(Live.NETWORK);
        long day = known == null ? -1 : known.closedDay(indexes.openEpochs());
        if (day > toldDay) {
            toldDay = day;
            live.machines.keys().forEach(id -> touch.accept(Instance.machine(id)));
        }
    }

    /** What a provider may do, its machines offer; only what concerns them all has them all looked up. */
    void look(ProviderEvent event) {
        switch (event) {
            case ProviderRegistered e -> {
                // It offers nothing yet.
            }
            case ProviderSuspended e -> touch.accept(Instance.machine(e.machine()));
            case SuspendedForQuality e -> touch.accept(Instance.machine(e.machine()));
            case ProviderCutOff e -> touch.accept(Instance.machine(e.machine()));
            case CutOffForQuality e -> touch.accept(Instance.machine(e.machine()));
            case MachineReadmitted e -> touch.accept(Instance.machine(e.machine()));
            case ProviderReinstated e -> touch.accept(Instance.machine(e.machine()));
            case ProviderActivated e -> touchMachinesOf(e.provider());
            case ProviderExpelled e -> touchMachinesOf(e.provider());
            case SuspensionLifted e -> touchMachinesOf(e.provider());
        }
    }

    private void touchMachinesOf(Wallet provider) {
        for (MachineId id : live.machines.keys()) {
            LiveMachine known = live.machines.get(id);
            if (known != null && provider.equals(known.machine().provider())) {
                touch.accept(Instance.machine(id));
            }
        }
    }

    /** @param task before the event */
    void look(LiveTask task, JobEvent event) {
        if (event instanceof SlaAssessed e) {
            assessed(task, e);
        } else if (event instanceof JobStarted e) {
            started(task, e);
        }
    }

    /** What a committee could not judge says nothing of the machine. */
    private void assessed(LiveTask task, SlaAssessed event) {
        RoundId round = event.assessment().round();
        boolean kept = event.assessment().outcome() == Outcome.DELIVERED
                || event.assessment().outcome() == Outcome.ENDED_BY_CLIENT;
        boolean failed = event.assessment().outcome() == Outcome.NOT_DELIVERED;
        if (round == null || !(task.job() instanceof Job.Ended ended) || ended.lease() == null || !(kept || failed)) {
            return;
        }
        if (!counts(task, ended.lease())) {
            return;
        }
        long day = day(round.epoch());
        change(ended.lease().machine(), day, quality -> kept ? quality.kept(day) : quality.failed(day));
    }

    private void started(LiveTask task, JobStarted event) {
        Long newest = indexes.newestEpoch();
        if (newest != null
                && task.job() instanceof Job.Leased leased
                && leased.startedAt() == null
                && counts(task, leased.lease())) {
            Lease lease = leased.lease();
            long day = day(newest);
            long agreed = lease.agreement().startDeadlineMillis();
            change(lease.machine(), day, quality -> quality.started(day, agreed, lease.startMillis(event.at())));
        }
    }

    /** Known answers that machines of other owners gave. */
    void opened(ProtocolEvent event) {
        Long newest = indexes.newestEpoch();
        if (newest != null && event instanceof CanariesOpened e && e.undelivered() != null) {
            long day = day(newest);
            e.undelivered().forEach(run -> change(run.machine(), day, quality -> quality.failed(day)));
        }
    }

    /** Whether it says something of the machine: not what its owner ordered itself, where the rules tell that apart. */
    boolean counts(LiveTask task, Lease lease) {
        LiveNetwork known = live.network.get(Live.NETWORK);
        return known == null
                || known.protocol().inForce() == null
                || known.protocol()
                                .current()
                                .parameters()
                                .accountable()
                                .standing()
                                .idleLeast()
                        == null
                || !live.attendance().isRelated(task.job().order().client(), lease.provider());
    }

    /** Before an epoch opens: who was not there for two in a row left the first of them unanswered. */
    void opening(EpochOpened now) {
        long over = now.epoch() - 1;
        LiveNetwork known = live.network.get(Live.NETWORK);
        var version = known == null ? null : known.parametersOf(over);
        EpochOpened away = openedOf(over - 1);
        if (version == null
                || away == null
                || !Absence.isKnown(away, openedOf(over), now, version.parameters())
                || !isLookedAt(over)) {
            return;
        }
        long day = day(over);
        long probes = version.parameters().liveness().probesPerEpoch();
        Map<MachineId, Machine> machines = new HashMap<>();
        live.machines.rows().forEach((id, machine) -> machines.put(id, machine.machine()));
        Absence.unanswered(machines, this::isSuspended, away, now)
                .forEach(id -> change(id, day, quality -> quality.probed(day, 0, probes)));
    }

    private @Nullable EpochOpened openedOf(long epoch) {
        Epoch known = live.epochs.get(epoch);
        return known == null ? null : known.opened();
    }

    private boolean isLookedAt(long epoch) {
        return indexes.roundsOf(epoch).stream().anyMatch(round -> round.kind() == RoundId.Kind.LIVENESS);
    }

    private boolean isSuspended(MachineId id, Machine machine) {
        Provider owner = machine.provider() == null ? null : live.providers.get(machine.provider());
        return owner != null && owner.inForce(id) != null;
    }

    /** What a closed round over machines found of how they answer. */
    void probed(LiveRound round) {
        long epoch = round.opened().round().epoch();
        LiveNetwork now = live.network.get(Live.NETWORK);
        var version = now == null ? null : now.parametersOf(epoch);
        if (version == null) {
            return;
        }
        long probes = version.parameters().liveness().probesPerEpoch();
        long day = day(epoch);
        List<Subject> subjects = round.opened().subjects();
        Map<MachineId, Integer> near = Neighbours.percents(
                measured(round), version.parameters().accountable().standing(), this::placeOf);
        for (Subject subject : subjects) {
            Verdict verdict = round.verdictOf(subject.key());
            if (verdict != null && verdict.conclusive() && subject instanceof MachineSubject known) {
                change(
                        known.machine(),
                        day,
                        quality -> quality.probed(day, Math.min(verdict.measure(), probes), probes));
                Integer percent = near.get(known.machine());
                if (percent != null && verdict.fact() == Finding.Fact.ONLINE) {
                    change(known.machine(), day, quality -> quality.near(day, percent));
                }
            }
        }
    }

    private static Measured measured(LiveRound round) {
        LiveRound.Outcome outcome = round.outcome();
        return new Measured(round.opened(), round.roundTrips(), outcome == null ? List.of() : outcome.consistency());
    }

    private @Nullable Place placeOf(MachineSubject subject) {
        LiveMachine known = live.machines.get(subject.machine());
        Inventory inventory = known == null ? null : known.machine().inventory();
        Provider owner = live.providers.get(subject.provider());
        return inventory == null
                ? null
                : new Place(
                        inventory.region(), owner == null ? subject.provider().toString() : owner.ownerGroup());
    }

    private void change(MachineId id, long day, UnaryOperator<Quality> change) {
        live.changeMachine(id, machine -> {
            Long told = machine.machine().scored();
            return told != null && day <= told ? machine : machine.with(change.apply(machine.quality()));
        });
        touch.accept(Instance.machine(id));
    }
}
