package io.athanor.chain;

import io.athanor.chain.LedgerTables.Network;
import io.athanor.contracts.Deployment;
import io.athanor.domain.hash.Hash32;
import java.util.Map;

/**
 * The gate before every step: the chain is the expected one, with our contracts on it, and the log's network is of it.
 * The code is compared once, and again after a difference; the chain's id each time.
 */
final class ChainCheck {
    private final ChainNode node;
    private final LedgerTables ledger;
    private final Deployment contracts;
    private boolean codeCompared;

    ChainCheck(ChainNode node, LedgerTables ledger, Deployment contracts) {
        this.node = node;
        this.ledger = ledger;
        this.contracts = contracts;
    }

    /** Passes or throws {@link Halted}. */
    void tick() {
        node.watch();
        long found = node.chainId();
        if (found != contracts.chainId()) {
            codeCompared = false;
            throw new Halted("the node is of chain " + found + ", the contracts of " + contracts.chainId());
        }
        if (!codeCompared) {
            ledger.network().ifPresent(this::requireNetwork);
            contracts.codeHashes().entrySet().forEach(this::requireCode);
            codeCompared = true;
        }
    }

    private void requireNetwork(Network network) {
        if (network.chainId() != contracts.chainId()) {
            throw new Halted("the log's network began on chain " + network.chainId() + ", the contracts are on "
                    + contracts.chainId());
        }
    }

    private void requireCode(Map.Entry<String, Hash32> contract) {
        Hash32 found = node.codeHash(contracts.address(contract.getKey()));
        if (!found.equals(contract.getValue())) {
            throw new Halted(contracts.address(contract.getKey()) + " holds no code or other code than "
                    + contract.getKey() + ": another chain, or one that lost its state");
        }
    }
}
