package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Refused;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import java.util.List;

/**
 * Bonded ATH of one operator. Invariant: {@code selfBond} is the sum of the credited bonds, in wei.
 *
 * @param lastBond the newest credited bond's number at the vault
 */
public record StakePool(Ath selfBond, long lastBond) {
    public static final StakePool EMPTY = new StakePool(Ath.ZERO, 0);

    /** Decides. Error: {@link Refused}. A repeat gives no event. */
    public List<StakePoolEvent> decide(StakePoolCommand command) {
        return switch (command) {
            case CreditBond c ->
                c.number() <= lastBond
                        ? List.of()
                        : List.of(
                                new StakeBonded(c.pool(), c.number(), c.amount(), c.transaction(), c.block(), c.at()));
        };
    }

    /** Applies a fact; never refuses. */
    public StakePool evolve(StakePoolEvent event) {
        return switch (event) {
            case StakeBonded e -> new StakePool(selfBond.plus(e.amount()), e.number());
        };
    }
}
