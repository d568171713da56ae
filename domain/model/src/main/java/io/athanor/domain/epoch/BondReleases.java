package io.athanor.domain.epoch;

import io.athanor.domain.account.AccountEvent.FundsStaked;
import io.athanor.domain.account.AccountEvent.StakeReturned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.ledger.Posting;
import io.athanor.domain.ledger.Postings;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of each pool's bond the vault may count as free again: a bond in custody is never more than what the ledger
 * holds in the pool, so what a penalty takes of a pool, unbonding or not, and what leaves it, is released. In wei.
 *
 * <p>Invariant: a release only rises, and is never above what was bonded; so a withdrawal of money that is in no pool
 * never waits for a bond. What was released comes back by a new bond only.
 */
public final class BondReleases {
    private final Map<PoolId, Bond> bonds = new HashMap<>();

    /** A pool in custody and in the ledger. */
    private record Bond(BigInteger bonded, BigInteger balance, BigInteger released) {
        private static final Bond NONE = new Bond(BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);

        Bond plus(Change change) {
            BigInteger nowBonded = bonded.add(change.bonded());
            BigInteger nowBalance = balance.add(change.balance());
            return new Bond(nowBonded, nowBalance, released.max(nowBonded.subtract(nowBalance)));
        }
    }

    /**
     * What an event does to a pool.
     *
     * @param bonded what came to the vault as its bond
     * @param balance what the ledger moves into it, below zero out of it
     */
    public record Change(PoolId pool, BigInteger bonded, BigInteger balance) {}

    /** A pool at most once; empty for an event that moves no stake. */
    public static List<Change> changes(Event event) {
        boolean moves =
                event instanceof StakePoolEvent || event instanceof FundsStaked || event instanceof StakeReturned;
        if (!moves) {
            return List.of();
        }
        Map<PoolId, BigInteger> moved = new TreeMap<>();
        for (Posting posting : Postings.of(event)) {
            add(moved, posting.to(), posting.amount().wei());
            add(moved, posting.from(), posting.amount().wei().negate());
        }
        return moved.entrySet().stream()
                .map(entry -> new Change(entry.getKey(), bonded(event), entry.getValue()))
                .toList();
    }

    private static void add(Map<PoolId, BigInteger> moved, LedgerAccount account, BigInteger amount) {
        if (account.kind() == LedgerAccount.Kind.POOL) {
            moved.merge(PoolId.parse(account.id()), amount, BigInteger::add);
        }
    }

    private static BigInteger bonded(Event event) {
        return event instanceof StakeBonded e ? e.amount().wei() : BigInteger.ZERO;
    }

    /** The next event of the history. */
    public void apply(Event event) {
        for (Change change : changes(event)) {
            Bond known = bonds.getOrDefault(change.pool(), Bond.NONE);
            bonds.put(change.pool(), known.plus(change));
        }
    }

    /** What was released of each pool's bond so far; those of nothing are not there. */
    public Map<PoolId, Ath> released() {
        Map<PoolId, Ath> released = new TreeMap<>();
        bonds.forEach((pool, bond) -> {
            if (bond.released().signum() > 0) {
                released.put(pool, new Ath(bond.released()));
            }
        });
        return released;
    }
}
