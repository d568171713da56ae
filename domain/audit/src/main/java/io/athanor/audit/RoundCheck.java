package io.athanor.audit;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.CommitteeDraw;
import io.athanor.domain.attestation.CommitteeDraw.Wanted;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Job;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Draws every committee again: from the block of the round's epoch, the salts that were the newest when it opened, the candidates frozen one epoch
 * earlier, and without anybody who has an interest in a subject. {@link DecisionCheck} judges the verdicts again.
 */
final class RoundCheck implements Check {
    /** What closed shortly before a draw may not have been known to who drew; older salts nobody may pick. */
    private static final Duration SALTS_LAG = Duration.ofSeconds(30);

    /** Epochs whose rounds may still be drawn. */
    private static final int EPOCHS_KEPT = 64;

    private final Deque<RoundFinalized> salted = new ArrayDeque<>();
    private final TreeMap<Long, Salts> frozen = new TreeMap<>();
    private @Nullable RoundFinalized newest;
    /** Whether a draw has named its members' owner groups and used frozen salts: no later one may go back. */
    private boolean strict;

    /** The newest salts when an epoch opened. */
    private record Salts(@Nullable RoundFinalized round) {
        boolean areOf(Draw draw) {
            return round == null
                    ? draw.saltsRound() == null && draw.salts().equals(Hash32.ZERO)
                    : round.round().equals(draw.saltsRound()) && round.salts().equals(draw.salts());
        }
    }

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        if (event instanceof RoundOpened e) {
            opened(before, e, problem);
        } else if (event instanceof RoundFinalized e) {
            keep(e);
            newest = e;
        } else if (event instanceof EpochOpened e) {
            frozen.put(e.epoch(), new Salts(newest));
            while (frozen.size() > EPOCHS_KEPT) {
                frozen.pollFirstEntry();
            }
        }
    }

    /** Newest first; those that no later draw may use are let go. */
    private void keep(RoundFinalized e) {
        Instant recent = e.at().minus(SALTS_LAG.multipliedBy(2));
        Iterator<RoundFinalized> older = salted.iterator();
        boolean passed = false;
        while (older.hasNext()) {
            boolean old = older.next().at().isBefore(recent);
            if (passed) {
                older.remove();
            }
            passed |= old;
        }
        salted.addFirst(e);
    }

    private void opened(World before, RoundOpened e, Consumer<String> problem) {
        Draw draw = e.draw();
        EpochOpened epoch = before.epoch(e.round().epoch()).opened();
        if (epoch == null || !epoch.blockHash().equals(draw.blockHash())) {
            problem.accept("the draw's block is not the one that opened epoch "
                    + e.round().epoch());
            return;
        }
        strict |= e.committee().stream().anyMatch(seat -> seat.ownerGroup() != null);
        if (strict ? !saltsAreFrozen(e) : !saltsAreNewest(draw, e.at())) {
            problem.accept("the draw's salts are not those of the newest closed round, but of " + draw.saltsRound());
        }
        if (!CommitteeDraw.seed(draw.blockHash(), draw.salts(), e.round()).equals(draw.seed())) {
            problem.accept("the seed does not follow from block, salts and round");
        }
        ProtocolParameters parameters = before.parametersOf(e.round().epoch());
        e.subjects().forEach(subject -> subject(before, e.round().kind(), subject, problem));
        interests(before, e, problem);
        windows(e, parameters.timing(), problem);
        committee(before, e, parameters, problem);
    }

    /** Exactly those that were the newest when the round's epoch opened. */
    private boolean saltsAreFrozen(RoundOpened e) {
        Salts salts = frozen.get(e.round().epoch());
        return salts != null && salts.areOf(e.draw());
    }

    /** As draws were made before salts were frozen. */
    private boolean saltsAreNewest(Draw draw, Instant at) {
        for (RoundFinalized round : salted) {
            if (round.round().equals(draw.saltsRound())) {
                return round.salts().equals(draw.salts());
            }
            if (round.at().isBefore(at.minus(SALTS_LAG))) {
                return false;
            }
        }
        return draw.saltsRound() == null && draw.salts().equals(Hash32.ZERO);
    }

    /** Whose key the committee listens to, and whose interest keeps others out. */
    private static void subject(World before, RoundId.Kind kind, Subject subject, Consumer<String> problem) {
        boolean known = switch (subject) {
            case MachineSubject s -> isOf(before.machine(s.machine()), s.provider(), s.agentKey());
            case DeliverySubject s ->
                before.task(s.lease().task()) instanceof Job.Ended ended
                        && ended.lease() != null
                        && ended.lease().id().equals(s.lease())
                        && ended.lease().machine().equals(s.machine())
                        && isOf(before.machine(s.machine()), s.provider(), s.agentKey());
            case CaseSubject s -> {
                PenaltyCase state = before.cases.get(s.penaltyCase());
                yield state != null
                        && waits(state, kind)
                        && state.known().offence().accused().operator().equals(s.provider());
            }
        };
        if (!known) {
            problem.accept("subject " + subject.key() + " is not what its own stream says");
        }
    }

    /** For its first instance, or for the decision over its appeal. */
    private static boolean waits(PenaltyCase state, RoundId.Kind kind) {
        return kind == RoundId.Kind.SLASH
                ? state.stage() == PenaltyCase.Stage.OPEN && state.judgement() == null
                : state.stage() == PenaltyCase.Stage.APPEALED || state.stage() == PenaltyCase.Stage.REOPENED;
    }

    private static boolean isOf(Machine machine, Wallet provider, String agentKey) {
        return provider.equals(machine.provider()) && agentKey.equals(machine.agentKey());
    }

    /** The parties, and who judged the same before. */
    private static Set<String> interested(World before, PenaltyCase state) {
        Offence offence = state.known().offence();
        Set<String> owners = new TreeSet<>(state.judges());
        owners.add(groupOf(before, offence.accused()));
        if (offence instanceof Offence.Dispute dispute) {
            owners.add(groupOf(before, PoolId.ofChecker(dispute.client())));
        }
        return owners;
    }

    static String groupOf(World before, PoolId pool) {
        Wallet operator = pool.operator();
        Provider provider = before.providers.get(operator);
        Checker checker = before.checkers.get(operator);
        return switch (pool.kind()) {
            case PROVIDER -> provider == null ? operator.toString() : provider.ownerGroup();
            case CHECKER ->
                checker == null || checker.registration() == null
                        ? operator.toString()
                        : checker.registration().ownerGroup();
        };
    }

    private static void interests(World before, RoundOpened e, Consumer<String> problem) {
        Set<String> owners = new TreeSet<>();
        for (Subject subject : e.subjects()) {
            PenaltyCase state = subject instanceof CaseSubject s ? before.cases.get(s.penaltyCase()) : null;
            if (state != null) {
                owners.addAll(interested(before, state));
            } else {
                owners.add(groupOf(before, PoolId.ofProvider(subject.provider())));
            }
        }
        if (!List.copyOf(owners).equals(e.draw().excludedGroups())) {
            problem.accept("those with an interest in a subject are " + owners);
        }
    }

    private static void windows(RoundOpened e, ProtocolParameters.Timing timing, Consumer<String> problem) {
        boolean whole = e.commitUntil().equals(e.commitFrom().plusMillis(timing.commitWindowMillis()))
                && e.revealUntil().equals(e.commitUntil().plusMillis(timing.revealWindowMillis()));
        if (!whole) {
            problem.accept("the windows are not as long as the parameters say");
        }
    }

    private void committee(World before, RoundOpened e, ProtocolParameters parameters, Consumer<String> problem) {
        Map.Entry<Long, io.athanor.domain.epoch.Epoch> previous =
                before.epochs.lowerEntry(e.round().epoch());
        EpochOpened frozen = previous == null ? null : previous.getValue().opened();
        List<Candidate> candidates = frozen == null ? List.of() : frozen.eligible();
        Draw draw = e.draw();
        if (!Candidate.digest(candidates).equals(draw.candidates())) {
            problem.accept("the candidates are not those frozen when the epoch before opened");
            return;
        }
        ProtocolParameters.Committee rules = parameters.committee();
        Wanted wanted = Wanted.of(e.round().kind(), parameters);
        HashSet<String> excluded = new HashSet<>(draw.excludedGroups());
        int eligible = CommitteeDraw.eligible(
                        candidates, parameters.stake().checkerUnit(), excluded, rules.excludeNetworkGroups())
                .size();
        if (eligible != draw.eligible()) {
            problem.accept("there were " + eligible + " eligible checkers, not " + draw.eligible());
        }
        List<Seat> named = CommitteeDraw.draw(
                candidates,
                draw.seed(),
                CommitteeDraw.size(wanted, eligible),
                parameters.stake().checkerUnit(),
                rules.operatorCapBps(),
                excluded,
                rules.excludeNetworkGroups());
        List<Seat> committee = strict ? named : nameless(named);
        int seats = committee.stream().mapToInt(Seat::seats).sum();
        int quorum = CommitteeDraw.quorum(seats, wanted.quorum(), wanted.seats());
        if (!committee.equals(unweighted(e.committee()))) {
            problem.accept("the draw gives another committee: " + committee);
        } else if (quorum != e.quorum()) {
            problem.accept("the quorum is not " + quorum);
        }
        long units = CommitteeDraw.units(
                candidates,
                parameters.stake().checkerUnit(),
                rules.operatorCapBps(),
                excluded,
                rules.excludeNetworkGroups());
        Draw.Terms stated = draw.terms();
        if (stated != null && !stated.equals(CommitteeDraw.terms(units, seats, quorum, wanted))) {
            problem.accept("the draw's terms are " + CommitteeDraw.terms(units, seats, quorum, wanted));
        }
    }

    /** Weights are {@link RecordCheck}'s. */
    private static List<Seat> unweighted(List<Seat> committee) {
        return committee.stream()
                .map(seat -> new Seat(seat.checker(), seat.attester(), seat.seats(), null, seat.ownerGroup()))
                .toList();
    }

    private static List<Seat> nameless(List<Seat> committee) {
        return committee.stream()
                .map(seat -> new Seat(seat.checker(), seat.attester(), seat.seats()))
                .toList();
    }
}
