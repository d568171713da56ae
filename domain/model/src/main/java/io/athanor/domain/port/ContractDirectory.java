package io.athanor.domain.port;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.util.List;

/** The network's contracts on chain, for clients that speak to them themselves. */
public interface ContractDirectory {
    /** All of them, in the order in which they were deployed. */
    Deployed contracts();

    /**
     * A verified deployment.
     *
     * @param timelock the governance's: nobody else changes anything in log and vault
     * @param firstBlock no event of these contracts lies before it
     */
    record Deployed(long chainId, Wallet timelock, long firstBlock, List<Contract> contracts) {
        public Deployed {
            contracts = List.copyOf(contracts);
        }
    }

    /**
     * One contract.
     *
     * @param codeHash keccak of the code on chain, immutables included, compared at the deployment and at each start
     * @param abi as JSON
     */
    record Contract(String name, Wallet address, Hash32 codeHash, String abi) {}
}
