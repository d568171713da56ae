package io.athanor.audit;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.CommitteeDraw;
import io.athanor.domain.attestation.CommitteeDraw.Wanted;
import io.athanor.domain.attestation.Consensus;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolParameters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Draws every committee again and judges every round again. */
final class RoundCheck implements Check {
    private final Map<RoundId, Hash32> salts = new HashMap<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case RoundOpened e -> opened(before, e, problem);
            case RoundFinalized e -> {
                salts.put(e.round(), e.salts());
                judged(before, e.round(), e, problem);
            }
            case RoundInconclusive e -> judged(before, e.round(), e, problem);
            default -> {
                // Not a round.
            }
        }
    }

    private static void judged(World before, RoundId round, Event recorded, Consumer<String> problem) {
        Event computed = switch (recorded) {
            case RoundFinalized e -> Consensus.judge(before.round(round), e.at());
            case RoundInconclusive e -> Consensus.judge(before.round(round), e.at());
            default -> throw new IllegalStateException("not a verdict");
        };
        if (!computed.equals(recorded)) {
            problem.accept("the reports give another verdict: " + computed);
        }
    }

    private void opened(World before, RoundOpened e, Consumer<String> problem) {
        Draw draw = e.draw();
        EpochOpened epoch = before.epoch(e.round().epoch()).opened();
        if (epoch == null || !epoch.blockHash().equals(draw.blockHash())) {
            problem.accept("the draw's block is not the one that opened epoch "
                    + e.round().epoch());
            return;
        }
        Hash32 mixed = draw.saltsRound() == null ? Hash32.ZERO : salts.get(draw.saltsRound());
        if (!draw.salts().equals(mixed)) {
            problem.accept("the draw's salts are not those of round " + draw.saltsRound());
        }
        if (!CommitteeDraw.seed(draw.blockHash(), draw.salts(), e.round()).equals(draw.seed())) {
            problem.accept("the seed does not follow from block, salts and round");
        }
        committee(before, e, problem);
    }

    private static void committee(World before, RoundOpened e, Consumer<String> problem) {
        Map.Entry<Long, io.athanor.domain.epoch.Epoch> previous =
                before.epochs.lowerEntry(e.round().epoch());
        EpochOpened frozen = previous == null ? null : previous.getValue().opened();
        List<Candidate> candidates = frozen == null ? List.of() : frozen.eligible();
        Draw draw = e.draw();
        if (!Candidate.digest(candidates).equals(draw.candidates())) {
            problem.accept("the candidates are not those frozen when the epoch before opened");
            return;
        }
        ProtocolParameters parameters = before.protocol.current().parameters();
        ProtocolParameters.Committee rules = parameters.committee();
        Wanted wanted = Wanted.of(e.round().kind(), parameters);
        HashSet<String> excluded = new HashSet<>(draw.excludedGroups());
        int eligible = CommitteeDraw.eligible(
                        candidates, parameters.stake().checkerUnit(), excluded, rules.excludeNetworkGroups())
                .size();
        if (eligible != draw.eligible()) {
            problem.accept("there were " + eligible + " eligible checkers, not " + draw.eligible());
        }
        List<Seat> committee = CommitteeDraw.draw(
                candidates,
                draw.seed(),
                CommitteeDraw.size(wanted.seats(), eligible),
                parameters.stake().checkerUnit(),
                rules.operatorCapBps(),
                excluded,
                rules.excludeNetworkGroups());
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
                .map(seat -> new Seat(seat.checker(), seat.attester(), seat.seats()))
                .toList();
    }
}
