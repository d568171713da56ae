package io.athanor.chain;

import io.athanor.chain.BatchTables.BatchRow;
import io.athanor.chain.ChainNode.Header;
import io.athanor.contracts.Calls;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.hash.Hash32;
import org.web3j.protocol.Web3j;

/**
 * Before anything is sent, at start and after each halt: the newest batch on chain is one that this database sent, and
 * the submitter has sent nothing else. Fixes the nonce of batch 1 when it is first passed.
 */
final class HeadCheck {
    private final ChainNode node;
    private final BatchTables batches;
    private final Deployment contracts;
    private final Web3j web3j;
    private final Wallet submitter;

    HeadCheck(ChainNode node, BatchTables batches, Deployment contracts, Web3j web3j, Wallet submitter) {
        this.node = node;
        this.batches = batches;
        this.contracts = contracts;
        this.web3j = web3j;
        this.submitter = submitter;
    }

    /** Passes or throws {@link Halted}. */
    void require() {
        Header block = node.latest();
        ChainHead head = headAt(block.number());
        long nonce = node.nonce(submitter, block.number());
        boolean same = node.block(block.number())
                .map(Header::hash)
                .filter(block.hash()::equals)
                .isPresent();
        if (!same) {
            throw new ChainFault("block " + block.number() + " was reorganised while the head was read");
        }
        if (head.seq() > 0) {
            requireOurs(head);
        }
        requireNonce(head.seq(), nonce);
    }

    private ChainHead headAt(long block) {
        SettlementLog log = Contracts.log(contracts.log(), web3j);
        log.setDefaultBlockParameter(ChainNode.at(block));
        var last = Calls.read(log.last());
        return new ChainHead(last.component1().longValueExact(), Hash32.of(last.component2()));
    }

    private void requireOurs(ChainHead head) {
        BatchRow row = batches.batch(head.seq())
                .filter(batch -> !batches.attempts(batch.seq()).isEmpty())
                .orElseThrow(() -> new Halted("the chain has batch " + head.seq()
                        + " and this database never sent it: restore the schema chain from its newest backup"));
        if (!row.batch().head().equals(head)) {
            throw new Halted("batch " + head.seq() + " is on chain with head " + head.head() + " and in the log with "
                    + row.batch().head().head());
        }
    }

    private void requireNonce(long seq, long nonce) {
        long base = batches.baseNonce(submitter, nonce - seq);
        if (nonce != base + seq) {
            throw new Halted("the submitter " + submitter + " has sent " + nonce + " transactions, expected "
                    + (base + seq) + ": its key was used for something else, or a batch failed");
        }
    }
}
