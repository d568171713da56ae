package io.athanor.audit;

import io.athanor.domain.common.Event;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePool.Risk;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.StakeFrozen;
import java.util.List;

/** What events of an earlier revision were decided by, where the rule of today refuses them. */
final class EarlierRules {
    private EarlierRules() {}

    /** What the rule of its time gave for the event. Error: {@link io.athanor.domain.common.Refused} where it too refused. */
    static List<? extends Event> decide(World before, Event event) {
        return switch (event) {
            case AppealLodged e -> appealed(before.penaltyCase(e.id()), e);
            default -> List.of();
        };
    }

    /** The pool as the rule of the event's time knew it: it did not remember which cases had let its stake go. */
    static StakePool pool(World before, StakePoolEvent event) {
        StakePool pool = before.pools.getOrDefault(event.pool(), StakePool.EMPTY);
        if (!before.earlier || !(event instanceof StakeFrozen)) {
            return pool;
        }
        Risk risk = new Risk(pool.risk().frozen(), pool.risk().slashed(), null);
        return new StakePool(
                pool.own(), pool.others(), pool.leaving(), risk, pool.commission(), pool.lastEpoch(), pool.closed());
    }

    /** An open case could be appealed as if its stay had begun, and what it took did not rise any more. */
    private static List<? extends Event> appealed(PenaltyCase state, AppealLodged e) {
        PenaltyCase stayed = state.stage() == PenaltyCase.Stage.OPEN
                ? state.evolve(new StayBegun(e.id(), e.decideBy(), e.at()))
                : state;
        return stayed.decide(CommandOf.penaltyCase(e));
    }
}
