package io.athanor.query.view;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.StakePoolEvent.PoolRewarded;
import io.athanor.domain.stake.StakePoolEvent.RewardClaimed;
import io.athanor.domain.view.RewardLineView;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.util.List;

/**
 * Statements: every term of what a wallet earned, what of it went to its delegators, what of it vests, and what it claimed
 * as a delegator.
 */
public final class RewardProjection implements Projection {
    /** A claim and a penalty belong to no epoch: they take what came in any number of them. */
    private static final long BETWEEN_EPOCHS = -1;

    private static final Table<RewardLineView> LINE = Table.of("reward_line", RewardLineView.class, "index", "line");

    @Override
    public String name() {
        return "rewards";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(LINE);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return type == EarningsCredited.class
                || type == EarningsVested.class
                || type == VestingSlashed.class
                || type == PoolRewarded.class
                || type == RewardClaimed.class;
    }

    @Override
    public void declare(Event event, Keys keys) {
        // Lines are only ever added.
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        switch (fact.readable()) {
            case EarningsCredited e -> {
                int line = 0;
                for (EarningLine earned : e.lines()) {
                    rows.add(LINE, earned(fact, line++, e, earned));
                }
            }
            case EarningsVested e -> {
                String days = e.days() + " days";
                add(rows, fact, 0, e.wallet(), e.epoch(), "LOCKED", days, e.credited());
                add(rows, fact, 1, e.wallet(), e.epoch(), "FREED", days, e.freed());
            }
            case VestingSlashed e ->
                add(
                        rows,
                        fact,
                        0,
                        e.wallet(),
                        BETWEEN_EPOCHS,
                        "SLASHED",
                        e.penaltyCase().toString(),
                        e.taken());
            case PoolRewarded e ->
                add(
                        rows,
                        fact,
                        0,
                        e.pool().operator(),
                        e.epoch(),
                        "TO_DELEGATORS",
                        e.pool().toString(),
                        e.amount());
            case RewardClaimed e ->
                add(
                        rows,
                        fact,
                        0,
                        e.delegator(),
                        BETWEEN_EPOCHS,
                        "CLAIMED",
                        e.pool().toString(),
                        e.amount());
            default -> throw new IllegalStateException("no reward: " + fact.readable());
        }
    }

    private static RewardLineView earned(Fact fact, int line, EarningsCredited e, EarningLine earned) {
        Basis basis = earned.basis();
        return new RewardLineView(
                fact.index(),
                line,
                e.wallet(),
                e.epoch(),
                earned.kind().name(),
                earned.source(),
                earned.amount(),
                basis,
                basis == null ? null : basis.amount().minus(earned.amount()),
                e.at());
    }

    private static void add(
            Rows rows, Fact fact, int line, Wallet wallet, long epoch, String kind, String source, Ath amount) {
        if (!amount.isZero()) {
            rows.add(
                    LINE,
                    new RewardLineView(
                            fact.index(),
                            line,
                            wallet,
                            epoch,
                            kind,
                            source,
                            amount,
                            null,
                            null,
                            fact.readable().at()));
        }
    }
}
