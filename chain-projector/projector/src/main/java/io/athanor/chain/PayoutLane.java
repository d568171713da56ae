package io.athanor.chain;

import io.athanor.chain.MessageTables.Message;
import io.athanor.chain.PayoutTables.Leaf;
import io.athanor.chain.PayoutTables.PayoutRow;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochCommand.AnchorWithdrawals;
import io.athanor.domain.epoch.EpochCommand.RootWithdrawals;
import io.athanor.domain.epoch.Payout;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.PayoutDuty;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.List;
import org.web3j.protocol.Web3j;

/** Roots of withdrawals: into the log as soon as they are fixed, and from there to the vault. */
final class PayoutLane implements Lane {
    private final Tables tables;
    private final Deployment contracts;
    private final AthVault vault;
    private final Orders orders;
    private final InstantSource clock;

    PayoutLane(Tables tables, Deployment contracts, Web3j web3j, Orders orders, InstantSource clock) {
        this.tables = tables;
        this.contracts = contracts;
        this.vault = Contracts.vault(contracts.vault(), web3j);
        this.orders = orders;
        this.clock = clock;
    }

    /** Tells the log the next root that it does not hold. It holds it for good when its event has come back. */
    void tick() {
        tables.payouts()
                .unrooted()
                .ifPresent(row -> orders.send(
                        "payout:" + row.payout().number(),
                        new RootWithdrawals(row.epoch(), row.payout(), clock.instant())));
    }

    private PayoutRow row(Message message) {
        return tables.payouts().find(message.number()).orElseThrow();
    }

    @Override
    public void requireSound(Message message) {
        Payout payout = row(message).payout();
        List<byte[]> leaves = leaves(message.number());
        Hash32 root = MerkleTree.root(leaves);
        if (leaves.size() != payout.count() || !root.equals(payout.root())) {
            throw new Halted("withdrawal root " + message.number() + " is " + payout.root() + " over " + payout.count()
                    + " leaves, but the tables give " + root + " over " + leaves.size());
        }
    }

    private List<byte[]> leaves(long number) {
        return tables.payouts().leaves(number).stream().map(Leaf::bytes).toList();
    }

    @Override
    public CosignDuty duty(Message message) {
        PayoutRow row = row(message);
        return new PayoutDuty(contracts.vault(), row.payout(), row.epoch(), message.setVersion(), message.eventIndex());
    }

    /** The vault asks the log whether it knows the batch that the root stands on. */
    @Override
    public boolean isDue(Message message) {
        long seq = row(message).payout().seq();
        return tables.messages().hasBatch(seq);
    }

    @Override
    public Wallet contract() {
        return contracts.vault();
    }

    @Override
    public String call(Message message, List<String> signatures) {
        PayoutRow row = row(message);
        AthVault.WithdrawalRoot posting = new AthVault.WithdrawalRoot(
                BigInteger.valueOf(row.payout().number()),
                row.payout().root().bytes(),
                BigInteger.valueOf(row.payout().count()),
                row.payout().total().wei(),
                BigInteger.valueOf(row.payout().seq()),
                BigInteger.valueOf(row.epoch()),
                BigInteger.valueOf(message.setVersion()));
        return vault.postWithdrawalRoot(
                        posting, signatures.stream().map(Hex::decode).toList())
                .encodeFunctionCall();
    }

    @Override
    public void anchored(Message message) {
        Hash32 transaction = Hash32.parse(String.valueOf(message.transaction()));
        orders.send(
                "payout:" + message.number(),
                new AnchorWithdrawals(
                        row(message).epoch(), message.number(), transaction, message.block(), clock.instant()));
    }
}
