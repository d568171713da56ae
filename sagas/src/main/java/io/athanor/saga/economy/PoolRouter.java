package io.athanor.saga.economy;

import io.athanor.domain.account.AccountCommand.CreditStake;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.Cohort;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand.ReleaseStake;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Gives stake back to its accounts when it has matured, unless an open case holds it. */
public final class PoolRouter implements Router {
    private static final String ACTOR = "saga:unbonding";

    private final LiveSet live;

    public PoolRouter(LiveSet live) {
        this.live = live;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        PoolId id = (PoolId) instance.id();
        StakePool pool = live.pool(id);
        StakeDays days = StakeDays.of(live.network());
        if (pool == null || days == null) {
            return;
        }
        long today = days.day(plan.now());
        List<Command> commands = new ArrayList<>();
        for (Cohort cohort : pool.leaving().cohorts().values()) {
            if (cohort.kind() == Cohort.Kind.UNBONDING && cohort.matureDay() > today) {
                plan.wakeAt(days.start(cohort.matureDay()), instance);
            } else if (cohort.kind() == Cohort.Kind.UNBONDING) {
                release(id, pool, cohort, today, plan.now(), commands);
            }
        }
        if (!commands.isEmpty()) {
            plan.send(instance, ACTOR, commands);
        }
    }

    /** One pair of commands a delegator. The last one of a cohort gets its remainder, which only the next look knows. */
    private static void release(
            PoolId id, StakePool pool, Cohort cohort, long today, Instant now, List<Command> commands) {
        if (!cohort.self().isZero() && !pool.isHeld(cohort, true)) {
            add(id, id.operator(), cohort, cohort.self(), today, now, commands);
        }
        if (cohort.shares().signum() == 0 || pool.isHeld(cohort, false)) {
            return;
        }
        StakePool ahead = pool;
        for (var entry : pool.others().parts().entrySet()) {
            if (commands.size() >= Limits.CHUNK_LINES - 1) {
                return;
            }
            if (entry.getValue().unbonding().containsKey(cohort.number())) {
                Ath amount = ahead.unbondingValue(id, entry.getKey(), cohort.number());
                add(id, entry.getKey(), cohort, amount, today, now, commands);
                ahead = after(ahead, (ReleaseStake) commands.get(commands.size() - 2));
            }
        }
    }

    private static StakePool after(StakePool pool, ReleaseStake release) {
        StakePool after = pool;
        for (var event : pool.decide(release)) {
            after = after.evolve(event);
        }
        return after;
    }

    private static void add(
            PoolId id, Wallet who, Cohort cohort, Ath amount, long today, Instant now, List<Command> commands) {
        commands.add(new ReleaseStake(id, who, cohort.number(), amount, today, now));
        commands.add(new CreditStake(who, id, amount, now));
    }
}
