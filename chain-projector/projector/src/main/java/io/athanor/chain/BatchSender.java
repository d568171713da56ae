package io.athanor.chain;

import io.athanor.chain.BatchTables.Attempt;
import io.athanor.chain.BatchTables.BatchRow;
import io.athanor.chain.BatchTables.SignerSet;
import io.athanor.chain.BatchTables.State;
import io.athanor.contracts.Deployment;
import io.athanor.domain.epoch.EpochCommand.AnchorSettlement;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * Brings each sealed batch onto the chain exactly once and in order.
 *
 * <p>The nonce of batch {@code seq} is {@code base + seq - 1}, so no two transactions can both count. What is signed is
 * stored before it is sent, and only a receipt decides. A batch is sent when the one before it is in a block and the
 * contract would accept it, since a refused transaction uses up its nonce. A batch is never cancelled or skipped.
 */
final class BatchSender {
    private static final Logger LOG = LoggerFactory.getLogger(BatchSender.class);
    private static final int WINDOW_BATCHES = 32;
    static final Duration RESEND_AFTER = Duration.ofSeconds(10);
    static final Duration RAISE_AFTER = Duration.ofSeconds(60);

    private final ChainNode node;
    private final Tables tables;
    private final BatchTables batches;
    private final Deployment contracts;
    private final HeadCheck head;
    private final BatchSigner signer;
    private final SignerSetKeeper signers;
    private final Orders orders;
    private final InstantSource clock;
    private boolean headChecked;
    private Instant lastBroadcast = Instant.EPOCH;

    BatchSender(
            ChainNode node,
            Tables tables,
            Deployment contracts,
            HeadCheck head,
            BatchSigner signer,
            SignerSetKeeper signers,
            Orders orders,
            InstantSource clock) {
        this.node = node;
        this.tables = tables;
        this.batches = tables.batches();
        this.contracts = contracts;
        this.head = head;
        this.signer = signer;
        this.signers = signers;
        this.orders = orders;
        this.clock = clock;
    }

    /** Moves every open batch of the window one step on where it can. */
    void tick() {
        try {
            if (!headChecked) {
                head.require();
                headChecked = true;
            }
            boolean turn = true;
            for (BatchRow row : batches.open(WINDOW_BATCHES)) {
                advance(row, turn);
                turn = row.state() == State.MINED;
            }
        } catch (Halted e) {
            headChecked = false;
            throw e;
        }
    }

    /** @param turn whether all batches before it are in blocks */
    private void advance(BatchRow row, boolean turn) {
        switch (row.state()) {
            case SEALED -> collect(row);
            case COLLECTING -> count(row);
            case SIGNED -> {
                if (turn) {
                    send(row);
                }
            }
            case SENT -> confirm(row);
            case MINED -> finish(row);
            case FINAL -> throw new IllegalStateException("a final batch is not open");
        }
    }

    private void collect(BatchRow row) {
        List<byte[]> leaves = tables.ledger().leaves(row.seq());
        Hash32 root = MerkleTree.root(leaves);
        if (leaves.size() != row.batch().count() || !root.equals(row.batch().root())) {
            throw new Halted("batch " + row.seq() + " states root "
                    + row.batch().root() + " over "
                    + row.batch().count() + " leaves, but the settled tasks of epoch " + row.epoch() + " give " + root
                    + " over " + leaves.size());
        }
        signers.current().ifPresent(set -> batches.collecting(row.seq(), set.version()));
    }

    private void count(BatchRow row) {
        int quorum = quorum(row);
        if (batches.approvals(row.seq(), quorum).size() == quorum) {
            batches.state(row.seq(), State.SIGNED);
        }
    }

    private int quorum(BatchRow row) {
        return batches.signers(row.setVersion()).map(SignerSet::quorum).orElseThrow();
    }

    private String call(BatchRow row) {
        return signer.call(row, batches.approvals(row.seq(), quorum(row)));
    }

    private void send(BatchRow row) {
        if (batches.attempts(row.seq()).isEmpty()) {
            node.requireAccepted(signer.wallet(), contracts.log(), call(row));
            batches.attempt(sign(row, 1, Fees.first(node.latest().baseFee())));
        }
        node.broadcast(newest(row).raw());
        batches.sent(row.seq(), clock.instant());
        LOG.info("batch {} sent: {} settlements", row.seq(), row.batch().count());
    }

    private Attempt sign(BatchRow row, int number, Fees fees) {
        long nonce = batches.baseNonce() + row.seq() - 1;
        return signer.sign(row, number, nonce, call(row), fees, clock.instant());
    }

    private Attempt newest(BatchRow row) {
        return batches.attempts(row.seq()).getFirst();
    }

    private void confirm(BatchRow row) {
        for (Attempt attempt : batches.attempts(row.seq())) {
            Optional<TransactionReceipt> receipt = node.receipt(attempt.transaction());
            if (receipt.isPresent()) {
                mined(row, receipt.get());
                return;
            }
        }
        resend(row);
    }

    private void mined(BatchRow row, TransactionReceipt receipt) {
        long block = receipt.getBlockNumber().longValueExact();
        if (receipt.isStatusOK()) {
            batches.mined(row.seq(), receipt.getTransactionHash(), block, receipt.getBlockHash());
        } else if (block <= node.finalized().number()) {
            batches.refused(row.seq());
            throw new Halted("the contract refused batch " + row.seq() + " in transaction "
                    + receipt.getTransactionHash() + "; it is sent again when this is resumed");
        }
    }

    private void resend(BatchRow row) {
        Attempt newest = newest(row);
        Instant now = clock.instant();
        Fees raised = newest.fees().raised();
        boolean late = !now.isBefore(newest.waitsSince().plus(RAISE_AFTER));
        if (late && raised.withinCap()) {
            Attempt higher = sign(row, newest.number() + 1, raised);
            batches.attempt(higher);
            LOG.warn("batch {} was not mined in {}; raised its fees by 12.5 %", row.seq(), RAISE_AFTER);
            broadcast(higher, now);
        } else if (!now.isBefore(lastBroadcast.plus(RESEND_AFTER))) {
            if (late) {
                LOG.error("batch {} is not mined although its fees are at the cap", row.seq());
            }
            broadcast(newest, now);
        }
    }

    private void broadcast(Attempt attempt, Instant now) {
        lastBroadcast = now;
        node.broadcast(attempt.raw());
    }

    private void finish(BatchRow row) {
        Optional<TransactionReceipt> receipt = node.receipt(String.valueOf(row.transaction()));
        if (receipt.isEmpty()) {
            LOG.warn("batch {} left the chain by a reorganisation; sending it again", row.seq());
            batches.sent(row.seq(), clock.instant());
            broadcast(newest(row), clock.instant());
        } else if (!receipt.get().getBlockHash().equals(row.blockHash())) {
            batches.sent(row.seq(), clock.instant());
        } else if (row.block() <= node.finalized().number()) {
            anchor(row);
        }
    }

    private void anchor(BatchRow row) {
        Hash32 transaction = Hash32.parse(String.valueOf(row.transaction()));
        orders.send(
                "batch:" + row.seq(),
                new AnchorSettlement(row.epoch(), row.seq(), transaction, row.block(), clock.instant()));
        batches.state(row.seq(), State.FINAL);
        LOG.info("batch {} is final in block {}", row.seq(), row.block());
    }
}
