package io.athanor.saga.attestation;

import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand.OpenInspection;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.saga.attestation.Draws.Basis;
import io.athanor.saga.attestation.Draws.Windows;
import io.athanor.saga.attestation.Shards.Shard;
import io.athanor.saga.fleet.Standings;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveRound;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens the inspection of new and changed machines and of those that come back from a suspension, and again in a later
 * epoch where one came to nothing.
 *
 * <p>A machine is inspected when it is online, since a committee probes it. One instance an epoch, because an epoch's
 * inspections share its shard numbers.
 */
public final class InspectionRouter implements Router {
    private static final String ACTOR = "saga:attestation";
    private static final long LEAST_PROBING_MILLIS = 2_000;
    private static final int PROBING_SLOTS = 2;
    /** One capacity test, and half of another. */
    private static final long CAPACITY_TURN_MILLIS = CapacityWork.NOMINAL_MILLIS * 2;
    /** One command a machine, one for the round, in one order. */
    private static final int MACHINES_AN_ORDER = Limits.CHUNK_LINES - 1;

    private final LiveSet live;
    private final Draws draws;
    private final Waiting waiting;
    private final Standings standings;

    public InspectionRouter(LiveSet live, Waiting waiting) {
        this.live = live;
        this.draws = new Draws(live);
        this.waiting = waiting;
        this.standings = new Standings(live);
    }

    @Override
    public void look(Instance instance, Plan plan) {
        long epoch = (Long) instance.id();
        Long newest = live.newestEpoch();
        Epoch known = live.epoch(epoch);
        EpochOpened opened = known == null ? null : known.opened();
        boolean runs = newest != null
                && newest == epoch
                && opened != null
                && plan.now().isBefore(opened.endsAt());
        if (!runs) {
            return;
        }
        List<Subject> subjects = new ArrayList<>();
        for (MachineId id : live.machines()) {
            LiveMachine machine = live.machine(id);
            MachineSubject subject = machine == null ? null : RoundOpener.subject(id, machine.machine());
            if (machine != null && subject != null && isDue(id, machine, epoch, plan.now())) {
                subjects.add(subject);
            }
        }
        if (!subjects.isEmpty()) {
            inspect(epoch, subjects, instance, plan);
        }
    }

    private boolean isDue(MachineId id, LiveMachine known, long epoch, Instant now) {
        Machine machine = known.machine();
        return machine.online()
                && switch (machine.standing()) {
                    case ENROLLED -> true;
                    case INSPECTING -> cameToNothing(machine, epoch);
                    // What still runs on it would slow a capacity test down.
                    case CERTIFIED ->
                        machine.reserved().isEmpty()
                                && standings.isBack(id, known, now)
                                && !isTested(id, machine, epoch);
                    case NONE, REJECTED, RETIRED -> false;
                };
    }

    /** Whether a committee tests its capacity, or will in this epoch: two at a time would find it slow. */
    private boolean isTested(MachineId id, Machine machine, long epoch) {
        return isDrawn(machine, epoch)
                || live.openEpochs().stream()
                        .flatMap(each -> live.roundsOf(each).stream())
                        .filter(round -> round.kind() == RoundId.Kind.CAPACITY)
                        .map(live::knownRound)
                        .filter(round -> !round.closed())
                        .flatMap(round -> round.opened().subjects().stream())
                        .anyMatch(subject -> subject instanceof MachineSubject s
                                && s.machine().equals(id));
    }

    private boolean isDrawn(Machine machine, long epoch) {
        Basis basis = draws.basis(epoch);
        Wallet owner = machine.provider();
        if (basis == null || owner == null || basis.parameters().admission().capacity() == null) {
            return false;
        }
        int days = basis.parameters().timing().epochsPerDay();
        Hash32 seed = CapacityDay.seed(
                basis.opened().blockHash(), basis.network().saltsOf(epoch).salts(), epoch);
        return CapacityDay.isDue(machine, epoch, days)
                && CapacityDay.isDrawn(seed, live.ownerGroup(owner), epoch, days);
    }

    /** An inspection of an earlier epoch that closed, or is gone, and left the machine as it was. */
    private boolean cameToNothing(Machine machine, long epoch) {
        RoundId id = machine.inspection();
        LiveRound round = id == null ? null : live.round(id);
        return id == null || id.epoch() < epoch && (round == null || round.closed() && !decides(round, machine));
    }

    private static boolean decides(LiveRound round, Machine machine) {
        return round.opened().subjects().stream()
                .filter(subject ->
                        subject instanceof MachineSubject s && s.agentKey().equals(machine.agentKey()))
                .anyMatch(subject -> Judgement.of(round, subject) != Judgement.NONE);
    }

    /** One round in this pass; the next when it stands, so that shard numbers are never guessed. */
    private void inspect(long epoch, List<Subject> subjects, Instance instance, Plan plan) {
        Basis basis = draws.basis(epoch);
        if (basis == null) {
            waiting.forCheckers(epoch, RoundId.Kind.ONBOARDING, subjects.size(), 0);
            return;
        }
        for (Shard shard : Shards.of(subjects, s -> live.ownerGroup(s.provider()), basis::eligible)) {
            OpenRound round = open(epoch, basis, shard, plan.now());
            if (round != null) {
                plan.send(instance, ACTOR, commands(round, plan.now()));
                return;
            }
            int eligible = basis.eligible(shard.owners()).size();
            waiting.forCheckers(epoch, RoundId.Kind.ONBOARDING, shard.subjects().size(), eligible);
        }
    }

    private @Nullable OpenRound open(long epoch, Basis basis, Shard shard, Instant now) {
        int number = (int) live.roundsOf(epoch).stream()
                .filter(round -> round.kind() == RoundId.Kind.ONBOARDING)
                .count();
        RoundId id = new RoundId(epoch, RoundId.Kind.ONBOARDING, number, 0);
        List<Subject> subjects = shard.subjects()
                .subList(0, Math.min(MACHINES_AN_ORDER, shard.subjects().size()));
        Instant start = now.plusMillis(probingMillis(basis.parameters()));
        Set<String> owners =
                subjects.stream().map(s -> live.ownerGroup(s.provider())).collect(Collectors.toSet());
        return basis.open(id, subjects, owners, Windows.from(start, basis.parameters()), now);
    }

    /** How long a committee probes before it reports: also long enough for each member's turn at the machine's GPUs. */
    static long probingMillis(ProtocolParameters parameters) {
        long probing = Math.max(
                LEAST_PROBING_MILLIS, PROBING_SLOTS * parameters.timing().slotMillis());
        return Math.max(probing, parameters.committee().onboardingSeats() * CAPACITY_TURN_MILLIS);
    }

    private static List<Command> commands(OpenRound round, Instant now) {
        List<Command> commands = new ArrayList<>();
        for (Subject subject : round.subjects()) {
            if (subject instanceof MachineSubject machine) {
                commands.add(new OpenInspection(machine.machine(), round.round(), now));
            }
        }
        commands.add(round);
        return commands;
    }
}
