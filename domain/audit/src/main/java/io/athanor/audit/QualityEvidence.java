package io.athanor.audit;

import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Neighbours;
import io.athanor.domain.attestation.Neighbours.Measured;
import io.athanor.domain.attestation.Neighbours.Place;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.Lease;
import io.athanor.domain.machine.Absence;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.Quality;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How machines did, gathered from the history: verdicts over them, absences, starts, losses and assessments. */
final class QualityEvidence {
    private final Map<MachineId, Quality> qualities = new HashMap<>();
    private final TreeSet<Long> openEpochs = new TreeSet<>();
    private long newestEpoch = -1;
    private long idleDay = -1;
    private @Nullable Long idlePpm;
    /** The epoch of the newest round over machines. */
    private long lookedAt = -1;

    void look(World before, Event event) {
        switch (event) {
            case EpochOpened e -> {
                opening(before, e);
                openEpochs.add(e.epoch());
                newestEpoch = e.epoch();
            }
            case RoundOpened e -> opened(e.round());
            case EpochClosed e -> openEpochs.remove(e.epoch());
            case RoundFinalized e -> probed(before, e);
            case SlaAssessed e -> assessed(before, e);
            case JobStarted e -> started(before, e);
            case JobLost e -> lost(before, e);
            case CanariesOpened e -> undelivered(before, e);
            default -> {
                // Says nothing of a machine.
            }
        }
    }

    Quality of(MachineId machine) {
        return qualities.getOrDefault(machine, Quality.UNKNOWN);
    }

    /** The newest settlement day that no open books belong to, below zero before the first. */
    long closedDay(World world) {
        return openEpochs.isEmpty() ? -1 : day(world, openEpochs.first()) - 1;
    }

    /** What counts as the completion of idle machines on a day whose books are closed; it does not change any more. */
    @Nullable Long idlePpm(Standing rules, long day) {
        if (idleDay != day) {
            idlePpm = Quality.idlePpm(qualities.values(), rules, day);
            idleDay = day;
        }
        return idlePpm;
    }

    /** Whether it says something of the machine: not what its owner ordered itself, where the rules tell that apart. */
    private static boolean counts(World world, Job job, Lease lease) {
        return world.protocol.inForce() == null
                || world.protocol
                                .current()
                                .parameters()
                                .accountable()
                                .standing()
                                .idleLeast()
                        == null
                || !AttendanceEvidence.isRelated(world, job.order().client(), lease.provider());
    }

    private static long day(World world, long epoch) {
        return epoch < 0 ? 0 : epoch / world.parametersOf(epoch).timing().epochsPerDay();
    }

    private void change(World before, MachineId id, long day, UnaryOperator<Quality> change) {
        Long told = before.machine(id).scored();
        if (told == null || day > told) {
            qualities.put(id, change.apply(of(id)));
        }
    }

    private void opened(RoundId round) {
        if (round.kind() == RoundId.Kind.LIVENESS) {
            lookedAt = Math.max(lookedAt, round.epoch());
        }
    }

    private void opening(World before, EpochOpened now) {
        long over = now.epoch() - 1;
        EpochOpened away = before.epoch(over - 1).opened();
        if (away == null || over != lookedAt || !openEpochs.contains(over)) {
            return;
        }
        ProtocolParameters parameters = before.parametersOf(over);
        if (Absence.isKnown(away, before.epoch(over).opened(), now, parameters)) {
            long day = day(before, over);
            long probes = parameters.liveness().probesPerEpoch();
            Absence.unanswered(before.machines, (id, machine) -> isSuspended(before, id, machine), away, now)
                    .forEach(id -> change(before, id, day, q -> q.probed(day, 0, probes)));
        }
    }

    private static boolean isSuspended(World world, MachineId id, Machine machine) {
        Provider owner = machine.provider() == null ? null : world.providers.get(machine.provider());
        return owner != null && owner.inForce(id) != null;
    }

    private void probed(World before, RoundFinalized e) {
        if (e.round().kind() != RoundId.Kind.LIVENESS) {
            return;
        }
        long probes = before.parametersOf(e.round().epoch()).liveness().probesPerEpoch();
        long day = day(before, e.round().epoch());
        Round round = before.round(e.round());
        Map<String, Verdict> verdicts =
                e.verdicts().stream().collect(Collectors.toMap(Verdict::subject, verdict -> verdict));
        Map<MachineId, Integer> near = Neighbours.percents(
                new Measured(round.known(), roundTrips(round), e.consistency()),
                before.parametersOf(e.round().epoch()).accountable().standing(),
                subject -> placeOf(before, subject));
        for (Subject subject : round.known().subjects()) {
            Verdict verdict = verdicts.get(subject.key());
            if (verdict != null && verdict.conclusive() && subject instanceof MachineSubject known) {
                MachineId id = known.machine();
                change(before, id, day, q -> q.probed(day, Math.min(verdict.measure(), probes), probes));
                Integer percent = near.get(id);
                if (percent != null && verdict.fact() == Finding.Fact.ONLINE) {
                    change(before, id, day, q -> q.near(day, percent));
                }
            }
        }
    }

    private static Map<Wallet, List<Long>> roundTrips(Round round) {
        Map<Wallet, List<Long>> trips = new HashMap<>();
        round.reveals()
                .forEach((checker, reveal) -> trips.put(
                        checker,
                        reveal.report().findings().stream()
                                .map(Finding::rttMicros)
                                .toList()));
        return trips;
    }

    private static @Nullable Place placeOf(World world, MachineSubject subject) {
        Inventory inventory = world.machine(subject.machine()).inventory();
        Provider owner = world.providers.get(subject.provider());
        return inventory == null
                ? null
                : new Place(
                        inventory.region(), owner == null ? subject.provider().toString() : owner.ownerGroup());
    }

    private void assessed(World before, SlaAssessed e) {
        RoundId round = e.assessment().round();
        Outcome outcome = e.assessment().outcome();
        boolean says =
                outcome == Outcome.DELIVERED || outcome == Outcome.ENDED_BY_CLIENT || outcome == Outcome.NOT_DELIVERED;
        if (round != null
                && says
                && before.task(e.task()) instanceof Job.Ended ended
                && ended.lease() != null
                && counts(before, ended, ended.lease())) {
            long day = day(before, round.epoch());
            change(
                    before,
                    ended.lease().machine(),
                    day,
                    q -> outcome == Outcome.NOT_DELIVERED ? q.failed(day) : q.kept(day));
        }
    }

    private void started(World before, JobStarted e) {
        if (newestEpoch >= 0
                && before.task(e.task()) instanceof Job.Leased leased
                && leased.startedAt() == null
                && counts(before, leased, leased.lease())) {
            long day = day(before, newestEpoch);
            long agreed = leased.lease().agreement().startDeadlineMillis();
            long took = leased.lease().startMillis(e.at());
            change(before, leased.lease().machine(), day, q -> q.started(day, agreed, took));
        }
    }

    private void undelivered(World before, CanariesOpened e) {
        if (newestEpoch >= 0 && e.undelivered() != null) {
            long day = day(before, newestEpoch);
            e.undelivered().forEach(run -> change(before, run.machine(), day, q -> q.failed(day)));
        }
    }

    private void lost(World before, JobLost e) {
        boolean counts = newestEpoch >= 0 && e.ending().cause() == Ending.Cause.PROVIDER;
        if (counts && before.task(e.task()) instanceof Job.Leased leased && counts(before, leased, leased.lease())) {
            long day = day(before, newestEpoch);
            Standing rules = before.parametersOf(newestEpoch).accountable().standing();
            change(before, leased.lease().machine(), day, q -> q.lost(day, e, rules));
        }
    }
}
