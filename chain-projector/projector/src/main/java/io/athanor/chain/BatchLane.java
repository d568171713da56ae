package io.athanor.chain;

import io.athanor.chain.LedgerTables.BatchRow;
import io.athanor.chain.MessageTables.Message;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochCommand.AnchorSettlement;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.wire.CheckerProtocol.BatchDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.List;
import org.web3j.protocol.Web3j;

/** Settlement batches, to the settlement log. */
final class BatchLane implements Lane {
    private final LedgerTables ledger;
    private final Deployment contracts;
    private final SettlementLog log;
    private final Orders orders;
    private final InstantSource clock;

    BatchLane(LedgerTables ledger, Deployment contracts, Web3j web3j, Orders orders, InstantSource clock) {
        this.ledger = ledger;
        this.contracts = contracts;
        this.log = Contracts.log(contracts.log(), web3j);
        this.orders = orders;
        this.clock = clock;
    }

    private BatchRow row(Message message) {
        return ledger.batch(message.number()).orElseThrow();
    }

    @Override
    public void requireSound(Message message) {
        BatchRow row = row(message);
        List<byte[]> leaves = ledger.leaves(message.number());
        Hash32 root = MerkleTree.root(leaves);
        if (leaves.size() != row.batch().count() || !root.equals(row.batch().root())) {
            throw new Halted("batch " + message.number() + " states root "
                    + row.batch().root() + " over "
                    + row.batch().count() + " leaves, but the settled tasks of epoch " + row.epoch() + " give " + root
                    + " over " + leaves.size());
        }
    }

    @Override
    public CosignDuty duty(Message message) {
        BatchRow row = row(message);
        return new BatchDuty(row.batch(), row.epoch(), message.setVersion(), message.eventIndex());
    }

    @Override
    public boolean isDue(Message message) {
        return true;
    }

    @Override
    public Wallet contract() {
        return contracts.log();
    }

    @Override
    public String call(Message message, List<String> signatures) {
        BatchRow row = row(message);
        SettlementLog.Batch batch = new SettlementLog.Batch(
                BigInteger.valueOf(row.batch().seq()),
                row.batch().previous().bytes(),
                row.batch().root().bytes(),
                BigInteger.valueOf(row.batch().count()),
                row.batch().total().wei(),
                BigInteger.valueOf(row.epoch()),
                BigInteger.valueOf(message.setVersion()));
        return log.submit(batch, signatures.stream().map(Hex::decode).toList()).encodeFunctionCall();
    }

    @Override
    public void anchored(Message message) {
        Hash32 transaction = Hash32.parse(String.valueOf(message.transaction()));
        orders.send(
                "batch:" + message.number(),
                new AnchorSettlement(
                        row(message).epoch(), message.number(), transaction, message.block(), clock.instant()));
    }
}
