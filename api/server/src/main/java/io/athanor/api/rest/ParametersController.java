package io.athanor.api.rest;

import io.athanor.api.web.Network;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which network this is, and the parameters in force. */
@RestController
@RequestMapping("/v1/parameters")
class ParametersController {
    private final Network network;

    ParametersController(Network network) {
        this.network = network;
    }

    /** The EIP-712 domain of signed commands. */
    record Domain(String name, String version, long chainId, Wallet verifyingContract) {}

    record Parameters(
            long chainId,
            Wallet vault,
            Wallet settlementLog,
            Instant genesis,
            Domain signingDomain,
            int version,
            long fromEpoch,
            ProtocolParameters parameters) {}

    @GetMapping
    Parameters get() {
        NetworkBegun known = network.identity();
        ParametersActivated now = network.inForce();
        return new Parameters(
                known.chainId(),
                known.vault(),
                known.settlementLog(),
                known.genesis(),
                new Domain("Athanor", "1", known.chainId(), known.settlementLog()),
                now.version(),
                now.fromEpoch(),
                now.parameters());
    }
}
