package io.athanor.saga.attestation;

import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.attestation.RoundCommand.CloseRound;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand.CertifyMachine;
import io.athanor.domain.machine.MachineCommand.RejectMachine;
import io.athanor.domain.protocol.ProtocolParameters.Admission.Line;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderCommand.ActivateProvider;
import io.athanor.domain.stake.StakePoolCommand.CommitStake;
import io.athanor.saga.attestation.Draws.Basis;
import io.athanor.saga.attestation.Draws.Windows;
import io.athanor.saga.fleet.StakeBehindOffers;
import io.athanor.saga.fleet.StakeBehindOffers.Cover;
import io.athanor.saga.fleet.Standings;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveRound;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveTask;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Closes rounds and does what their verdicts say.
 *
 * <p>An inspection certifies or rejects; a delivery's verdict is made into the task's assessment. A task of which
 * nothing could be decided is drawn once more in the same epoch's books, while they can still wait for it, and is
 * excluded otherwise: judged by nobody, faulting nobody.
 */
public final class RoundRouter implements Router {
    private static final String ACTOR = "saga:attestation";
    private static final long PPM_PER_PERCENT = 10_000;
    /** A round id knows two attempts. */
    private static final int REDRAWS_MAX = 1;
    /** When a certificate that waits for stake is looked at again. */
    private static final Duration STAKE_AGAIN = Duration.ofSeconds(5);
    /** An epoch closes at the latest this many epochs after its end. */
    public static final int EPOCHS_OPEN_AFTER_END = 2;

    private final LiveSet live;
    private final Draws draws;
    private final StakeBehindOffers stakes;
    private final Accusation accusation;
    private final CapacityVerdicts capacity;
    private final Standings standings;

    public RoundRouter(LiveSet live) {
        this.live = live;
        this.draws = new Draws(live);
        this.stakes = new StakeBehindOffers(live);
        this.accusation = new Accusation(live);
        this.capacity = new CapacityVerdicts(live, accusation);
        this.standings = new Standings(live);
    }

    @Override
    public void look(Instance instance, Plan plan) {
        LiveRound round = live.round((RoundId) instance.id());
        if (round == null) {
            return;
        }
        if (!round.closed()) {
            close(instance, round, plan);
            return;
        }
        List<Command> commands = switch (round.opened().round().kind()) {
            case LIVENESS, APPEAL, SLASH -> List.of();
            case ONBOARDING -> certify(instance, round, plan);
            case DELIVERY -> deliver(round, plan.now());
            case CAPACITY -> capacity.of(round, plan.now());
        };
        if (!commands.isEmpty()) {
            plan.send(instance, ACTOR, commands);
        }
    }

    private static void close(Instance instance, LiveRound round, Plan plan) {
        RoundOpened opened = round.opened();
        boolean all = round.revealed().size() == opened.committee().size();
        Instant due = all ? opened.commitUntil() : opened.revealUntil();
        if (plan.now().isBefore(due)) {
            plan.wakeAt(due, instance);
        } else {
            plan.send(instance, ACTOR, List.of(new CloseRound(opened.round(), plan.now())));
        }
    }

    private List<Command> certify(Instance instance, LiveRound round, Plan plan) {
        List<Command> commands = new ArrayList<>();
        for (Subject subject : round.opened().subjects()) {
            // One that commits stake is its order's last: two of one provider could ask for more than it has.
            boolean room = commands.size() < Limits.CHUNK_LINES - 3
                    && commands.stream().noneMatch(CommitStake.class::isInstance);
            if (room && subject instanceof MachineSubject machine) {
                commands.addAll(certify(instance, round, machine, plan));
            }
        }
        return commands;
    }

    private List<Command> certify(Instance instance, LiveRound round, MachineSubject subject, Plan plan) {
        RoundId id = round.opened().round();
        LiveMachine machine = live.machine(subject.machine());
        Verdict verdict = round.verdictOf(subject.key());
        if (machine == null || verdict == null || !waits(machine.machine(), id)) {
            return List.of();
        }
        return switch (Judgement.of(round, subject)) {
            case GENUINE -> genuine(instance, subject, machine, verdict, plan);
            case COUNTERFEIT ->
                List.of(
                        new RejectMachine(subject.machine(), id, why(id, subject.machine(), verdict), plan.now()),
                        accusation.of(round, machine.machine(), subject, plan.now()));
            case TOO_SLOW -> List.of(new RejectMachine(subject.machine(), id, tooSlow(id, verdict), plan.now()));
            case NONE -> List.of();
        };
    }

    private String tooSlow(RoundId id, Verdict verdict) {
        Basis basis = draws.basis(id.epoch());
        Line line = basis == null ? null : basis.parameters().admission().line();
        String needs = line == null ? "" : " of " + line.minDownMbit() + " Mbit/s down and " + line.minUpMbit() + " up";
        return verdict.agreeing() + " of " + verdict.seats() + " seats measured a line that carries "
                + verdict.measure() / PPM_PER_PERCENT + " %" + needs
                + "; let the machine report its hardware again when the line is faster, and it is inspected again";
    }

    private String why(RoundId id, MachineId machine, Verdict verdict) {
        String seats = verdict.agreeing() + " of " + verdict.seats() + " seats found other hardware than is claimed";
        LiveMachine known = live.machine(machine);
        Inventory inventory = known == null ? null : known.machine().inventory();
        Basis basis = draws.basis(id.epoch());
        long claim = inventory == null || basis == null
                ? 0
                : CapacityWork.claimPpm(inventory, basis.parameters().reward().modelPpm());
        return verdict.measure() < claim
                ? seats + ": capacity " + verdict.measure() + " ppm of an H100 measured, " + claim
                        + " claimed; let the machine report the GPUs that it has, and it is inspected again"
                : seats + ": see the notes in the evidence of round " + id;
    }

    private static boolean waits(Machine machine, RoundId inspection) {
        return machine.standing() == Machine.Standing.INSPECTING && inspection.equals(machine.inspection());
    }

    /** A machine on offer gets its certificate with the stake for its GPUs behind it, or waits until that is bonded. */
    private List<Command> genuine(
            Instance instance, MachineSubject subject, LiveMachine known, Verdict verdict, Plan plan) {
        Machine machine = known.machine();
        MachineId id = subject.machine();
        Instant now = plan.now();
        Cover cover = stakes.cover(id, machine, verdict.measure());
        if (cover == Cover.MISSING) {
            plan.wakeAt(now.plus(STAKE_AGAIN), instance);
            return List.of();
        }
        List<Command> commands = new ArrayList<>();
        if (cover == Cover.FREE) {
            commands.add(stakes.commit(id, machine, verdict.measure(), now));
        }
        commands.add(new CertifyMachine(id, (RoundId) instance.id(), verdict.measure(), now));
        commands.addAll(standings.readmit(id, known, (RoundId) instance.id(), now));
        Provider provider = live.provider(subject.provider());
        if (provider != null && provider.standing() == Provider.Standing.REGISTERED) {
            commands.add(new ActivateProvider(subject.provider(), now));
        }
        return commands;
    }

    private List<Command> deliver(LiveRound round, Instant now) {
        List<Subject> undecided = new ArrayList<>();
        List<Command> commands = new ArrayList<>();
        Basis basis = draws.basis(round.opened().round().epoch());
        if (basis == null) {
            return List.of();
        }
        for (Subject subject : round.opened().subjects()) {
            Job.Ended ended = unjudged(round, subject);
            if (ended != null && commands.size() < Limits.CHUNK_LINES) {
                Verdict verdict = round.verdictOf(subject.key());
                if (verdict != null && verdict.conclusive()) {
                    commands.add(assess(ended, verdict, round, basis, now));
                } else {
                    undecided.add(subject);
                }
            }
        }
        return commands.isEmpty() ? again(round, undecided, basis, now) : commands;
    }

    /** The subject's task where this round is the newest that judges it and nobody has yet. */
    private Job.@Nullable Ended unjudged(LiveRound round, Subject subject) {
        if (!(subject instanceof DeliverySubject delivery)) {
            return null;
        }
        LiveTask task = live.task(delivery.lease().task());
        boolean here =
                round.opened().round().equals(live.attestedBy(delivery.lease().task()));
        return here && task != null && task.job() instanceof Job.Ended ended ? ended : null;
    }

    private static AssessJob assess(
            Job.Ended ended, @Nullable Verdict verdict, LiveRound round, Basis basis, Instant now) {
        RoundId id = round.opened().round();
        var assessment = SlaVerdict.assess(ended, verdict, id, basis.parameters());
        return new AssessJob(ended.order().task(), assessment, now);
    }

    /** A redraw, or the end of trying. */
    private List<Command> again(LiveRound round, List<Subject> undecided, Basis basis, Instant now) {
        if (undecided.isEmpty()) {
            return List.of();
        }
        OpenRound redraw = redraw(round.opened().round(), undecided, basis, now);
        return redraw == null ? exclude(round, undecided, basis, now) : List.of(redraw);
    }

    private @Nullable OpenRound redraw(RoundId first, List<Subject> undecided, Basis basis, Instant now) {
        if (first.attempt()
                >= Math.min(REDRAWS_MAX, basis.parameters().committee().redrawsMax())) {
            return null;
        }
        Windows windows = Windows.from(now, basis.parameters());
        if (windows.revealUntil().isAfter(booksUntil(basis.opened()))) {
            return null;
        }
        Set<String> owners =
                undecided.stream().map(s -> live.ownerGroup(s.provider())).collect(Collectors.toSet());
        return basis.open(first.redraw(), undecided, owners, windows, now);
    }

    /** Until when an epoch's books may wait for its rounds. */
    public static Instant booksUntil(EpochOpened opened) {
        long millis = opened.endsAt().toEpochMilli() - opened.startsAt().toEpochMilli();
        return opened.endsAt().plusMillis(EPOCHS_OPEN_AFTER_END * millis);
    }

    private List<Command> exclude(LiveRound round, List<Subject> undecided, Basis basis, Instant now) {
        List<Command> commands = new ArrayList<>();
        for (Subject subject : undecided) {
            Job.Ended ended = unjudged(round, subject);
            if (ended != null) {
                commands.add(assess(ended, round.verdictOf(subject.key()), round, basis, now));
            }
        }
        return commands;
    }
}
