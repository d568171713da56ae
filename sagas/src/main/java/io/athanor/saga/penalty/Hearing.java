package io.athanor.saga.penalty;

import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.penalty.CaseCommand.DecideAppeal;
import io.athanor.domain.penalty.CaseCommand.JudgeCase;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.saga.attestation.CaseRounds;
import io.athanor.saga.live.LiveCase;
import io.athanor.saga.live.LiveCase.Outcome;
import io.athanor.saga.live.LiveRound;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Has committees judge a case: at most two rounds in an instance, then nobody has decided. */
final class Hearing {
    private static final int ROUNDS_MAX = 2;

    private final LiveSet live;
    private final CaseRounds rounds;

    Hearing(LiveSet live, CaseRounds rounds) {
        this.live = live;
        this.rounds = rounds;
    }

    /** What the rounds of an instance came to. */
    private record Result(RoundId round, Ruling ruling) {}

    /** Where no disjoint committee can be drawn, the case stays frozen. */
    List<Command> appeal(LiveCase known, Instant now) {
        CaseId id = known.state().known().id();
        Result result = result(known, RoundId.Kind.APPEAL);
        return result == null
                ? next(known, RoundId.Kind.APPEAL, now)
                : List.of(new DecideAppeal(id, result.round(), result.ruling(), now));
    }

    /** Null where no committee can be drawn now. */
    @Nullable List<Command> firstInstance(LiveCase known, Instant now) {
        Result result = result(known, RoundId.Kind.SLASH);
        if (result != null) {
            CaseId id = known.state().known().id();
            return List.of(new JudgeCase(id, result.round(), result.ruling(), judges(result.round()), now));
        }
        List<Command> next = next(known, RoundId.Kind.SLASH, now);
        boolean open = known.rounds(RoundId.Kind.SLASH).containsValue(Outcome.OPEN);
        return next.isEmpty() && !open ? null : next;
    }

    /** Where no committee can be drawn for as long as an appeal may take, nobody has decided. */
    List<Command> undecided(Instance instance, LiveCase known, ProtocolParameters parameters, Plan plan) {
        long days = parameters.accountable().penalties().appealDays();
        Instant until =
                known.state().known().at().plusMillis(days * parameters.timing().dayMillis());
        if (plan.now().isBefore(until)) {
            Instant nextEpoch = plan.now().plusMillis(parameters.timing().epochMillis());
            plan.wakeAt(nextEpoch.isBefore(until) ? nextEpoch : until, instance);
            return List.of();
        }
        return List.of(new JudgeCase(known.state().known().id(), null, Ruling.HUNG, List.of(), plan.now()));
    }

    /** Null while nothing is decided and a round may still decide it. */
    private static @Nullable Result result(LiveCase known, RoundId.Kind kind) {
        Map<RoundId, Outcome> held = known.rounds(kind);
        for (Map.Entry<RoundId, Outcome> round : held.entrySet()) {
            if (round.getValue() == Outcome.UPHELD || round.getValue() == Outcome.REFUTED) {
                Ruling ruling = round.getValue() == Outcome.UPHELD ? Ruling.UPHELD : Ruling.REVERSED;
                return new Result(round.getKey(), ruling);
            }
        }
        return held.size() >= ROUNDS_MAX && !held.containsValue(Outcome.OPEN)
                ? new Result(held.keySet().stream().max(RoundId::compareTo).orElseThrow(), Ruling.HUNG)
                : null;
    }

    private List<Command> next(LiveCase known, RoundId.Kind kind, Instant now) {
        if (known.rounds(kind).containsValue(Outcome.OPEN)) {
            return List.of();
        }
        OpenRound round = rounds.open(kind, known.state(), now);
        return round == null ? List.of() : List.of(round);
    }

    private List<String> judges(RoundId id) {
        LiveRound round = live.round(id);
        if (round == null) {
            throw new IllegalStateException("round " + id + " is not live any more");
        }
        return Seat.voices(round.opened().committee());
    }
}
