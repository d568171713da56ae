package io.athanor.chain;

import io.athanor.chain.ChainNode.Header;
import io.athanor.chain.LedgerTables.BatchRow;
import io.athanor.contracts.Calls;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import org.web3j.protocol.Web3j;

/**
 * Before anything is sent, at start and after each halt: the newest batch on chain is one that this database sent, and
 * the submitter has sent nothing else. Fixes the first message's nonce when it is first passed.
 */
final class HeadCheck {
    private final ChainNode node;
    private final LedgerTables ledger;
    private final MessageTables messages;
    private final Deployment contracts;
    private final Web3j web3j;
    private final Wallet submitter;

    HeadCheck(ChainNode node, Tables tables, Deployment contracts, Web3j web3j, Wallet submitter) {
        this.node = node;
        this.ledger = tables.ledger();
        this.messages = tables.messages();
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
        requireNonce(nonce);
    }

    private ChainHead headAt(long block) {
        SettlementLog log = Contracts.log(contracts.log(), web3j);
        log.setDefaultBlockParameter(ChainNode.at(block));
        var last = Calls.read(log.last());
        return new ChainHead(last.component1().longValueExact(), Hash32.of(last.component2()));
    }

    private void requireOurs(ChainHead head) {
        BatchRow row = ledger.batch(head.seq())
                .filter(batch ->
                        !messages.attempts(CosignKind.BATCH, head.seq()).isEmpty())
                .orElseThrow(() -> new Halted("the chain has batch " + head.seq()
                        + " and this database never sent it: restore the schema chain from its newest backup"));
        if (!row.batch().head().equals(head)) {
            throw new Halted("batch " + head.seq() + " is on chain with head " + head.head() + " and in the log with "
                    + row.batch().head().head());
        }
    }

    /** Messages that are not final may be in a block or not, whatever their state says. */
    private void requireNonce(long nonce) {
        long next = messages.nextNonce(submitter, nonce);
        if (nonce > next || nonce < next - messages.unfinal()) {
            throw new Halted("the submitter " + submitter + " has sent " + nonce + " transactions, expected " + next
                    + ": its key was used for something else, or the chain lost a final block");
        }
    }
}
