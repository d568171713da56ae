package io.athanor.chain;

import io.athanor.codec.Json;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.ContractDirectory;
import java.util.Objects;

/** The directory of a deployment: addresses and code hashes as verified, the ABI as compiled. */
final class DeployedContracts implements ContractDirectory {
    private final Deployed deployed;

    DeployedContracts(Deployment deployment) {
        deployed = new Deployed(
                deployment.chainId(),
                deployment.timelock(),
                deployment.deployBlock(),
                Contracts.ALL.stream().map(name -> contract(deployment, name)).toList());
    }

    private static Contract contract(Deployment deployment, String name) {
        Hash32 codeHash = Objects.requireNonNull(deployment.codeHashes().get(name), name);
        return new Contract(
                name,
                deployment.address(name),
                codeHash,
                Json.text(Contracts.artifact(name).abi()));
    }

    @Override
    public Deployed contracts() {
        return deployed;
    }
}
