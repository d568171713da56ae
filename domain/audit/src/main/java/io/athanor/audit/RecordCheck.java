package io.athanor.audit;

import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.TrackRecord;
import io.athanor.domain.attestation.TrackRecord.Tally;
import io.athanor.domain.checker.CheckerEvent.CheckerJailed;
import io.athanor.domain.checker.CheckerEvent.CheckerReleased;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps the checkers' records again from the rounds: what a member's numbers weigh, and who is jailed for how long.
 *
 * <p>A mark counts by the parameters of its round's epoch. A draw or a jailing rests on what its process knew, which may lie a few rounds behind the event that records it: it
 * must be one of the checker's newest records.
 */
final class RecordCheck implements Check {
    private static final int NEWEST = 64;

    private final Map<Wallet, Deque<TrackRecord>> records = new HashMap<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case RoundFinalized e -> marked(before, e.round(), e.consistency());
            case RoundInconclusive e -> marked(before, e.round(), e.consistency());
            case RoundOpened e -> e.committee().forEach(seat -> weighed(seat, problem));
            case CheckerJailed e -> jailed(before, e, problem);
            case CheckerReleased e -> {
                Deque<TrackRecord> newest = newest(e.checker());
                add(newest, newest.getLast().served());
            }
            default -> {
                // No record.
            }
        }
    }

    private void marked(World before, RoundId round, List<Consistency> members) {
        ProtocolParameters parameters = before.parametersOf(round.epoch());
        long day = round.epoch() / parameters.timing().epochsPerDay();
        int window = parameters.accountable().jail().windowDays();
        int together = TrackRecord.together(members);
        for (Consistency member : members) {
            Deque<TrackRecord> newest = newest(member.checker());
            add(newest, newest.getLast().after(day, member.mark(), together, window));
        }
    }

    private Deque<TrackRecord> newest(Wallet checker) {
        return records.computeIfAbsent(checker, c -> new ArrayDeque<>(List.of(TrackRecord.none())));
    }

    private static void add(Deque<TrackRecord> newest, TrackRecord record) {
        newest.addLast(record);
        if (newest.size() > NEWEST) {
            newest.removeFirst();
        }
    }

    private void weighed(Seat seat, Consumer<String> problem) {
        Integer weight = seat.weight();
        boolean known = weight == null || newest(seat.checker()).stream().anyMatch(record -> record.weight() == weight);
        if (!known) {
            problem.accept("the record of " + seat.checker() + " weighs "
                    + newest(seat.checker()).getLast().weight() + ", not " + weight);
        }
    }

    private void jailed(World before, CheckerJailed e, Consumer<String> problem) {
        Tally tally = new Tally(e.rounds(), e.wrong());
        Deque<TrackRecord> newest = newest(e.checker());
        if (newest.stream().noneMatch(record -> record.inWindow().equals(tally))) {
            problem.accept("the rounds say " + newest.getLast().inWindow() + ", not " + tally);
        } else if (newestEpochs(before).noneMatch(parameters -> sentences(parameters, tally, e))) {
            problem.accept(tally + " jails nobody, or not until " + e.until());
        }
    }

    /** The epoch that runs, and the one before: the order may have been on its way when the next one opened. */
    private static Stream<ProtocolParameters> newestEpochs(World before) {
        return before.epochs.descendingKeySet().stream().limit(2).map(before::parametersOf);
    }

    private static boolean sentences(ProtocolParameters parameters, Tally tally, CheckerJailed e) {
        var rules = parameters.accountable().jail();
        Instant until = e.at().plusMillis(rules.jailDays() * parameters.timing().dayMillis());
        return TrackRecord.jails(tally, rules) && until.equals(e.until());
    }
}
