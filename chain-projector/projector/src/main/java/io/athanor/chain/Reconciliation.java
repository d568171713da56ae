package io.athanor.chain;

import io.athanor.chain.LedgerTables.Opened;
import io.athanor.chain.LedgerTables.Taken;
import io.athanor.chain.ProgressTables.Cursor;
import io.athanor.contracts.Calls;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.domain.common.Ath;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.Web3j;

/**
 * Once an epoch, at start, and after a halt: what the log took of the vault's transfers equals the vault's own counters at the same
 * final block, to the wei. Counters, never the token's balance, which anybody may raise. A difference halts roots of
 * withdrawals and nothing else: settled work goes on chain whatever is in custody.
 */
final class Reconciliation {
    private final Tables tables;
    private final Deployment contracts;
    private final Web3j web3j;
    private long begunEpoch = -1;
    private @Nullable Cursor due;

    Reconciliation(Tables tables, Deployment contracts, Web3j web3j) {
        this.tables = tables;
        this.contracts = contracts;
        this.web3j = web3j;
    }

    /** Compares once the log's tables have every transfer up to the block. Error: {@link Halted}. */
    void tick() {
        long epoch = tables.ledger().newestEpoch().map(Opened::epoch).orElse(-1L);
        if (epoch > begunEpoch) {
            requireDone(epoch);
            due = tables.progress().cursor().orElse(null);
            begunEpoch = epoch;
        }
        if (due != null && compare(due)) {
            due = null;
        }
    }

    /** The tables follow the log within moments; a whole epoch is enough. */
    private void requireDone(long epoch) {
        if (due != null) {
            Cursor missed = due;
            due = null;
            throw new Halted("the vault had " + missed.inbound() + " transfers at block " + missed.block() + " and "
                    + missed.claims() + " claims, and when epoch " + epoch + " opened the log had only "
                    + tables.ledger().takenUpTo(missed.block()).count() + " and "
                    + tables.ledger().takenUpTo(missed.block()).claims());
        }
    }

    private boolean compare(Cursor at) {
        Taken taken = tables.ledger().takenUpTo(at.block());
        if (taken.count() < at.inbound() || taken.claims() < at.claims()) {
            return false;
        }
        requireEqual("number of transfers", at, taken.count(), at.inbound());
        requireEqual("number of claims", at, taken.claims(), at.claims());
        if (at.inbound() > 0) {
            compareSums(at, taken);
        }
        return true;
    }

    private void compareSums(Cursor at, Taken taken) {
        AthVault vault = Contracts.vault(contracts.vault(), web3j);
        vault.setDefaultBlockParameter(ChainNode.at(at.block()));
        requireEqual("totalIn", at, taken.total(), new Ath(Calls.read(vault.totalIn())));
        requireEqual("totalOut", at, taken.paid(), new Ath(Calls.read(vault.totalOut())));
        Ath bonded = taken.bonded().minus(tables.bonds().releasedUpTo(at.block()));
        requireEqual("totalBonded", at, bonded, new Ath(Calls.read(vault.totalBonded())));
    }

    private static void requireEqual(String what, Cursor at, Object log, Object chain) {
        if (!log.equals(chain)) {
            throw new Halted("at block " + at.block() + " the vault's " + what + " is " + chain
                    + ", the log's deposits, bonds, reserves, payouts and releases give " + log);
        }
    }
}
