package io.athanor.chain;

import io.athanor.chain.ChainNode.Header;
import io.athanor.chain.ChainStore.Attempt;
import io.athanor.chain.ChainStore.BatchRow;
import io.athanor.chain.ChainStore.SignerSet;
import io.athanor.chain.ChainStore.State;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochCommand.AnchorSettlement;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * Brings each signed batch onto the chain exactly once and in order.
 *
 * <p>The nonce of batch {@code seq} is {@code base + seq - 1}, so no two transactions can both count. What is signed is
 * stored before it is sent, and only a receipt decides. A batch is never cancelled and nothing is skipped.
 */
final class BatchSender {
    private static final Logger LOG = LoggerFactory.getLogger(BatchSender.class);
    private static final int WINDOW_BATCHES = 8;
    private static final BigInteger GAS_LIMIT = BigInteger.valueOf(2_000_000);
    private static final BigInteger FIRST_TIP = BigInteger.valueOf(1_000_000_000L);
    private static final BigInteger FEE_CAP = BigInteger.valueOf(500_000_000_000L);
    private static final Duration RESEND_AFTER = Duration.ofSeconds(10);
    private static final Duration BUMP_AFTER = Duration.ofSeconds(60);

    private final ChainNode node;
    private final ChainStore store;
    private final Deployment contracts;
    private final Credentials submitter;
    private final SettlementLog log;
    private final SignerSetKeeper signers;
    private final Commands commands;
    private final InstantSource clock;
    private Instant lastBroadcast = Instant.EPOCH;

    BatchSender(
            ChainNode node,
            ChainStore store,
            Deployment contracts,
            Credentials submitter,
            Web3j web3j,
            SignerSetKeeper signers,
            Commands commands,
            InstantSource clock) {
        this.node = node;
        this.store = store;
        this.contracts = contracts;
        this.submitter = submitter;
        this.log = Contracts.log(contracts.log(), web3j);
        this.signers = signers;
        this.commands = commands;
        this.clock = clock;
    }

    /** Moves every open batch of the window one step on where it can. */
    void tick() {
        for (BatchRow row : store.open(WINDOW_BATCHES)) {
            switch (row.state()) {
                case SEALED -> signers.current().ifPresent(set -> store.collecting(row.seq(), set.version()));
                case COLLECTING -> collect(row);
                case SIGNED -> send(row);
                case SENT -> confirm(row);
                case MINED -> finish(row);
                case FINAL -> throw new IllegalStateException("a final batch is not open");
            }
        }
    }

    private void collect(BatchRow row) {
        SignerSet set = store.signerSet().orElseThrow();
        if (store.approvals(row.seq()).size() >= set.quorum()) {
            store.state(row.seq(), State.SIGNED);
        }
    }

    private void send(BatchRow row) {
        if (store.attempts(row.seq()).isEmpty()) {
            store.attempt(
                    sign(row, 1, FIRST_TIP, node.latest().baseFee().shiftLeft(1).add(FIRST_TIP)));
        }
        node.broadcast(store.attempts(row.seq()).getFirst().raw());
        store.state(row.seq(), State.SENT);
        LOG.info(
                "batch {} sent: {} settlements, root {}",
                row.seq(),
                row.batch().count(),
                row.batch().root());
    }

    private Attempt sign(BatchRow row, int number, BigInteger tip, BigInteger maxFee) {
        Wallet account = Wallet.parse(submitter.getAddress().toLowerCase(Locale.ROOT));
        long nonce = store.baseNonce(account, node.nonce(account)) + row.seq() - 1;
        SettlementLog.Batch batch = new SettlementLog.Batch(
                BigInteger.valueOf(row.seq()),
                row.batch().previous().bytes(),
                row.batch().root().bytes(),
                BigInteger.valueOf(row.batch().count()),
                row.batch().total().wei(),
                BigInteger.valueOf(row.epoch()),
                BigInteger.valueOf(row.setVersion()));
        List<byte[]> approvals =
                store.approvals(row.seq()).stream().map(Hex::decode).toList();
        RawTransaction transaction = RawTransaction.createTransaction(
                contracts.chainId(),
                BigInteger.valueOf(nonce),
                GAS_LIMIT,
                contracts.log().address(),
                BigInteger.ZERO,
                log.submit(batch, approvals).encodeFunctionCall(),
                tip,
                maxFee.min(FEE_CAP));
        byte[] raw = TransactionEncoder.signMessage(transaction, contracts.chainId(), submitter);
        String hash = Hex.encode(Hash.sha3(raw));
        return new Attempt(row.seq(), number, nonce, Hex.encode(raw), hash, maxFee.min(FEE_CAP), tip, clock.instant());
    }

    private void confirm(BatchRow row) {
        for (Attempt attempt : store.attempts(row.seq())) {
            Optional<TransactionReceipt> receipt = node.receipt(attempt.transaction());
            if (receipt.isPresent()) {
                mined(row, attempt, receipt.get());
                return;
            }
        }
        resend(row);
    }

    private void mined(BatchRow row, Attempt attempt, TransactionReceipt receipt) {
        if (!receipt.isStatusOK()) {
            throw new Halted("the contract refused batch " + row.seq() + " in transaction " + attempt.transaction());
        }
        store.mined(
                row.seq(), attempt.transaction(), receipt.getBlockNumber().longValueExact(), receipt.getBlockHash());
    }

    private void resend(BatchRow row) {
        Attempt newest = store.attempts(row.seq()).getFirst();
        Instant now = clock.instant();
        if (newest.sentAt().plus(BUMP_AFTER).isBefore(now) && newest.maxFee().compareTo(FEE_CAP) < 0) {
            store.attempt(sign(row, newest.number() + 1, bumped(newest.tip()), bumped(newest.maxFee())));
            LOG.warn("batch {} was not mined within {}; raised its fee by 12.5 %", row.seq(), BUMP_AFTER);
        } else if (lastBroadcast.plus(RESEND_AFTER).isAfter(now)) {
            return;
        }
        lastBroadcast = now;
        node.broadcast(store.attempts(row.seq()).getFirst().raw());
    }

    /** Plus 12.5 %, rounded up: the least that every node takes as a replacement. */
    static BigInteger bumped(BigInteger fee) {
        return fee.multiply(BigInteger.valueOf(9)).add(BigInteger.valueOf(7)).shiftRight(3);
    }

    private void finish(BatchRow row) {
        Optional<TransactionReceipt> receipt = node.receipt(String.valueOf(row.transaction()));
        boolean there = receipt.isPresent() && receipt.get().getBlockHash().equals(row.blockHash());
        if (!there) {
            LOG.warn("batch {} left the chain by a reorganisation; sending it again", row.seq());
            store.state(row.seq(), State.SENT);
            return;
        }
        Header finalized = node.finalized();
        if (row.block() <= finalized.number()) {
            anchor(row);
        }
    }

    private void anchor(BatchRow row) {
        AnchorSettlement command = new AnchorSettlement(
                row.epoch(), row.seq(), Hash32.parse(String.valueOf(row.transaction())), row.block(), clock.instant());
        try {
            commands.send(Order.inside("chain", "batch:" + row.seq(), command)).join();
        } catch (CompletionException e) {
            throw Failures.unwrap(e);
        }
        store.state(row.seq(), State.FINAL);
        LOG.info("batch {} is final in block {}", row.seq(), row.block());
    }
}
