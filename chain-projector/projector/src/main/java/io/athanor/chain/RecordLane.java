package io.athanor.chain;

import io.athanor.chain.MessageTables.Message;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.RecordsDuty;
import java.math.BigInteger;
import java.util.List;
import org.web3j.protocol.Web3j;

/** States of the log of records, to the settlement log, once a settlement day. */
final class RecordLane implements Lane {
    private final Tables tables;
    private final Deployment contracts;
    private final SettlementLog log;

    RecordLane(Tables tables, Deployment contracts, Web3j web3j) {
        this.tables = tables;
        this.contracts = contracts;
        this.log = Contracts.log(contracts.log(), web3j);
    }

    private Checkpoint checkpoint(Message message) {
        return tables.records().checkpoint(message.number()).orElseThrow();
    }

    /** Its last record is the event log's state, which {@link HistoryKeeper} adds. */
    @Override
    public boolean isComplete(Message message) {
        return tables.records().checkpoint(message.number()).isPresent();
    }

    @Override
    public void requireSound(Message message) {
        Checkpoint checkpoint = checkpoint(message);
        Hash32 root = MerkleTree.root(tables.records().leaves(checkpoint.size()));
        if (!root.equals(checkpoint.root())) {
            throw new Halted(message + " is " + checkpoint.root() + ", but its records give " + root);
        }
    }

    @Override
    public CosignDuty duty(Message message) {
        return new RecordsDuty(checkpoint(message), message.setVersion(), message.eventIndex());
    }

    /** The contract must have the batch on which it stands. */
    @Override
    public boolean isDue(Message message) {
        long seq = checkpoint(message).seq();
        return tables.messages().hasBatch(seq);
    }

    @Override
    public Wallet contract() {
        return contracts.log();
    }

    @Override
    public String call(Message message, List<String> signatures) {
        Checkpoint checkpoint = checkpoint(message);
        SettlementLog.Checkpoint struct = new SettlementLog.Checkpoint(
                BigInteger.valueOf(checkpoint.size()),
                checkpoint.root().bytes(),
                BigInteger.valueOf(checkpoint.seq()),
                BigInteger.valueOf(message.setVersion()));
        return log.anchor(struct, signatures.stream().map(Hex::decode).toList()).encodeFunctionCall();
    }

    /** Nothing in the log waits for it; who proves from it looks at the chain. */
    @Override
    public void anchored(Message message) {
        requireSound(message);
    }
}
