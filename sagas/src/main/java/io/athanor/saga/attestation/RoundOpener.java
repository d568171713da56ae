package io.athanor.saga.attestation;

import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.Lease;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.saga.attestation.Draws.Basis;
import io.athanor.saga.attestation.Draws.Windows;
import io.athanor.saga.attestation.Shards.Shard;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveTask;
import io.athanor.saga.live.Obligations;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens an epoch's liveness and delivery rounds.
 *
 * <p>Liveness: while the epoch runs, for the machines that were certified when it opened and are online, and, whatever
 * their standing, for those that hold leases without a certificate or went away with leases and were not looked at since;
 * reported on when it has ended. Delivery: each slot of the running epoch for
 * as many of its ended tasks as fill a round, so that a busy epoch's rounds do not all begin at its end; once it has
 * ended, for every task that ended in it or before with a receipt and is in no round yet, as long as no later epoch has
 * ended. Where fewer than two checkers may judge, nothing is opened and the tasks wait for the next epoch.
 */
public final class RoundOpener implements Router {
    private static final String ACTOR = "saga:attestation";
    /** Rounds are large; few go in one order. */
    private static final int ROUNDS_AN_ORDER = 8;

    private final LiveSet live;
    private final Draws draws;
    private final Waiting waiting;
    /** Before this no more rounds are filled from the running epoch; forgotten at a start, which only looks sooner. */
    private Instant filledUntil = Instant.EPOCH;

    public RoundOpener(LiveSet live, Waiting waiting) {
        this.live = live;
        this.draws = new Draws(live);
        this.waiting = waiting;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        long id = (Long) instance.id();
        Epoch epoch = live.epoch(id);
        EpochOpened opened = epoch == null ? null : epoch.opened();
        if (epoch == null || opened == null || epoch.rewards() != null) {
            return;
        }
        List<Command> rounds = List.of();
        if (plan.now().isBefore(opened.endsAt())) {
            rounds = running(instance, opened, plan);
        } else if (isNewestEnded(id, plan.now())) {
            rounds = deliveries(id, plan.now());
        }
        if (!rounds.isEmpty()) {
            plan.send(instance, ACTOR, rounds.subList(0, Math.min(ROUNDS_AN_ORDER, rounds.size())));
        }
    }

    private List<Command> running(Instance instance, EpochOpened epoch, Plan plan) {
        Instant next = nextSlot(epoch, plan.now());
        plan.wakeAt(next, instance);
        List<Command> liveness = liveness(epoch, plan.now());
        if (!liveness.isEmpty() || plan.now().isBefore(filledUntil)) {
            return liveness;
        }
        List<Command> full = fullDeliveries(epoch, plan.now());
        if (full.isEmpty()) {
            filledUntil = next;
        }
        return full;
    }

    /** The next whole slot of the epoch, at the latest its end. */
    private Instant nextSlot(EpochOpened epoch, Instant now) {
        LiveNetwork network = live.network();
        ParametersActivated known = network == null ? null : network.parametersOf(epoch.epoch());
        if (known == null) {
            return epoch.endsAt();
        }
        long slot = known.parameters().timing().slotMillis();
        long since = Math.max(0, now.toEpochMilli() - epoch.startsAt().toEpochMilli());
        Instant next = epoch.startsAt().plusMillis((since / slot + 1) * slot);
        return next.isBefore(epoch.endsAt()) ? next : epoch.endsAt();
    }

    private boolean isNewestEnded(long epoch, Instant now) {
        return live.openEpochs().stream().noneMatch(other -> other > epoch && hasEnded(other, now));
    }

    private boolean hasEnded(long epoch, Instant now) {
        Epoch known = live.epoch(epoch);
        EpochOpened opened = known == null ? null : known.opened();
        return opened != null && !now.isBefore(opened.endsAt());
    }

    private List<Command> liveness(EpochOpened epoch, Instant now) {
        List<Subject> subjects = new ArrayList<>();
        Set<String> seen = subjectsOf(epoch.epoch(), RoundId.Kind.LIVENESS);
        for (MachineId id : live.machines()) {
            LiveMachine machine = live.machine(id);
            Subject subject = machine == null ? null : liveSubject(id, machine, epoch, now);
            if (subject != null && !seen.contains(subject.key())) {
                subjects.add(subject);
            }
        }
        return open(epoch.epoch(), RoundId.Kind.LIVENESS, subjects, epoch.endsAt(), now, false);
    }

    /** Without its round an outage has no case, so no change of its hardware takes a leased machine out of them. */
    private @Nullable Subject liveSubject(MachineId id, LiveMachine known, EpochOpened epoch, Instant now) {
        Instant certifiedAt = known.certifiedAt();
        Machine machine = known.machine();
        boolean works = certifiedAt == null
                ? !machine.reserved().isEmpty()
                : certifiedAt.isBefore(epoch.at()) && machine.online();
        return works || Obligations.awaitsQuorum(live, known, now) ? subject(id, machine) : null;
    }

    /** The machine as a subject; null before it is enrolled. */
    static @Nullable MachineSubject subject(MachineId id, Machine machine) {
        Wallet provider = machine.provider();
        String key = machine.agentKey();
        return provider == null || key == null ? null : new MachineSubject(id, provider, key);
    }

    private Set<String> subjectsOf(long epoch, RoundId.Kind kind) {
        Set<String> keys = new HashSet<>();
        for (RoundId round : live.roundsOf(epoch)) {
            if (round.kind() == kind) {
                live.knownRound(round).opened().subjects().forEach(subject -> keys.add(subject.key()));
            }
        }
        return keys;
    }

    /** What a delivery round is still to be opened for in the epoch. */
    List<Command> deliveries(long epoch, Instant now) {
        Epoch known = live.epoch(epoch);
        EpochOpened opened = known == null ? null : known.opened();
        return opened == null
                ? List.of()
                : open(epoch, RoundId.Kind.DELIVERY, ended(opened, Instant.EPOCH), now, now, false);
    }

    /** Full rounds of what ended in the running epoch; what ended before is the business of the epoch before. */
    private List<Command> fullDeliveries(EpochOpened epoch, Instant now) {
        return open(epoch.epoch(), RoundId.Kind.DELIVERY, ended(epoch, epoch.startsAt()), now, now, true);
    }

    /** The tasks in no round that ended in the epoch or before, not before {@code from}. */
    private List<Subject> ended(EpochOpened epoch, Instant from) {
        List<Subject> subjects = new ArrayList<>();
        for (TaskId id : live.unjudged()) {
            LiveTask task = live.task(id);
            DeliverySubject subject = task == null || live.attestedBy(id) != null ? null : delivery(task, epoch, from);
            if (subject != null) {
                subjects.add(subject);
            }
        }
        return subjects;
    }

    private @Nullable DeliverySubject delivery(LiveTask task, EpochOpened opened, Instant from) {
        if (!(task.job() instanceof Job.Ended ended)) {
            return null;
        }
        Lease lease = ended.lease();
        LiveMachine machine = lease == null ? null : live.machine(lease.machine());
        String key = machine == null ? null : machine.machine().agentKey();
        boolean inTime =
                ended.endedAt().isBefore(opened.endsAt()) && !ended.endedAt().isBefore(from);
        return lease == null || key == null || !inTime
                ? null
                : new DeliverySubject(lease.id(), lease.machine(), lease.provider(), key);
    }

    private List<Command> open(
            long epoch, RoundId.Kind kind, List<Subject> subjects, Instant from, Instant now, boolean fullOnly) {
        if (subjects.size() < (fullOnly ? Limits.SHARD_SUBJECTS : 1)) {
            return List.of();
        }
        Basis basis = draws.basis(epoch);
        if (basis == null) {
            waiting.forCheckers(epoch, kind, subjects.size(), 0);
            return List.of();
        }
        Instant start = from.isBefore(now) ? now : from;
        Windows windows = Windows.from(start, basis.parameters());
        int shard = nextShard(epoch, kind);
        List<Command> rounds = new ArrayList<>();
        for (Shard part : Shards.of(subjects, s -> live.ownerGroup(s.provider()), basis::eligible)) {
            if (fullOnly && part.subjects().size() < Limits.SHARD_SUBJECTS) {
                continue;
            }
            RoundId id = new RoundId(epoch, kind, shard, 0);
            OpenRound round = basis.open(id, part.subjects(), part.owners(), windows, now);
            if (round == null) {
                int eligible = basis.eligible(part.owners()).size();
                waiting.forCheckers(epoch, kind, part.subjects().size(), eligible);
            } else {
                rounds.add(round);
                shard++;
            }
        }
        return rounds;
    }

    private int nextShard(long epoch, RoundId.Kind kind) {
        return live.roundsOf(epoch).stream()
                .filter(round -> round.kind() == kind)
                .mapToInt(round -> round.shard() + 1)
                .max()
                .orElse(0);
    }
}
