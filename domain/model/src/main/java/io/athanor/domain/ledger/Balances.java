package io.athanor.domain.ledger;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The balances that postings add up to. Mutable and for one thread; accounts at zero are not kept.
 *
 * <p>Invariant: the sum over all accounts is zero; only the chain and an open epoch's clearing account are ever below
 * zero; a clearing account is zero when its epoch closes. Error: {@link IllegalStateException} where a history breaks
 * one of these, naming the account.
 */
public final class Balances {
    private final TreeMap<LedgerAccount, BigInteger> balances = new TreeMap<>();

    /** Applies all postings of an event, and checks the clearing account of an epoch that closes. */
    public void apply(Event event) {
        Postings.of(event).forEach(this::apply);
        if (event instanceof EpochClosed closed) {
            requireCleared(closed.epoch());
        }
    }

    public void apply(Posting posting) {
        add(posting.from(), posting.amount().wei().negate());
        add(posting.to(), posting.amount().wei());
    }

    private void add(LedgerAccount account, BigInteger wei) {
        BigInteger sum = balance(account).add(wei);
        if (sum.signum() < 0 && !account.mayBeNegative()) {
            throw new IllegalStateException(account + " would be " + sum);
        }
        if (sum.signum() == 0) {
            balances.remove(account);
        } else {
            balances.put(account, sum);
        }
    }

    /** Error: {@link IllegalStateException} where the epoch's money did not all arrive. */
    public void requireCleared(long epoch) {
        BigInteger left = balance(LedgerAccount.clearing(epoch));
        if (left.signum() != 0) {
            throw new IllegalStateException(LedgerAccount.clearing(epoch) + " holds " + left + " at the epoch's end");
        }
    }

    /** In wei; below zero for the chain. */
    public BigInteger balance(LedgerAccount account) {
        return balances.getOrDefault(account, BigInteger.ZERO);
    }

    /** The sum over all accounts: zero, always. */
    public BigInteger total() {
        return balances.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** All ATH that came in and has not left. */
    public Ath inside() {
        return new Ath(balance(LedgerAccount.EXTERNAL).negate());
    }

    /** Every account that is not at zero, in the order of its text. */
    public SortedMap<LedgerAccount, BigInteger> all() {
        return Collections.unmodifiableSortedMap(balances);
    }
}
