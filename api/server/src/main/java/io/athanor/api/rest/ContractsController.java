package io.athanor.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.ContractDirectory;
import io.athanor.domain.port.ContractDirectory.Deployed;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where the contracts are and how they are called, for whoever speaks to the chain without this server. */
@RestController
@RequestMapping("/v1/contracts")
class ContractsController {
    private final ContractDirectory directory;

    ContractsController(ContractDirectory directory) {
        this.directory = directory;
    }

    /** @param abi the JSON ABI */
    record ContractView(String name, Wallet address, Hash32 codeHash, JsonNode abi) {
        static ContractView of(ContractDirectory.Contract contract) {
            return new ContractView(
                    contract.name(),
                    contract.address(),
                    contract.codeHash(),
                    Json.read(contract.abi(), JsonNode.class));
        }
    }

    /** @param timelock the governance's, which alone administers the contracts */
    record ContractsView(long chainId, Wallet timelock, long firstBlock, List<ContractView> contracts) {}

    @GetMapping
    ContractsView all() {
        Deployed deployed = directory.contracts();
        return new ContractsView(
                deployed.chainId(),
                deployed.timelock(),
                deployed.firstBlock(),
                deployed.contracts().stream().map(ContractView::of).toList());
    }
}
