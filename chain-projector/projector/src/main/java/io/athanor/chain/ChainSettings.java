package io.athanor.chain;

import io.athanor.domain.protocol.ProtocolParameters;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which chain, and with which key.
 *
 * @param rpc endpoints of one chain; one that fails or says it is of another is passed over
 * @param chainId what every endpoint must say it is
 * @param submitterKey of the only account that submits batches, 32 bytes as 0x hex in a file of mode 0600; null on a
 *     development chain, which has its public key for that
 * @param relayerKey of the account that sends what anybody may send (proven penalties, releases, claims of those who asked
 *     for it), in a file of mode 0600; null on a development chain, and where that is left to others
 * @param deploy whether to deploy the contracts where {@code contracts} does not exist yet
 * @param contracts the file with the contracts' addresses
 * @param genesis the parameters a new network begins with
 */
public record ChainSettings(
        List<URI> rpc,
        long chainId,
        @Nullable Path submitterKey,
        @Nullable Path relayerKey,
        boolean deploy,
        Path contracts,
        ProtocolParameters genesis) {
    /** Chain id of a local development chain, the only one on which public keys are accepted. */
    public static final long DEVELOPMENT_CHAIN = 31_337;

    public ChainSettings {
        rpc = List.copyOf(rpc);
        if (rpc.isEmpty()) {
            throw new IllegalArgumentException("athanor.chain.rpc must name at least one endpoint");
        }
        boolean publicKeys = submitterKey == null || deploy;
        if (publicKeys && (chainId != DEVELOPMENT_CHAIN || !rpc.stream().allMatch(ChainSettings::isLoopback))) {
            throw new IllegalArgumentException("the public development keys are refused: they need chain id "
                    + DEVELOPMENT_CHAIN + " on loopback. Set athanor.chain.submitter-key-file and deploy the contracts"
                    + " with your own key.");
        }
    }

    private static boolean isLoopback(URI endpoint) {
        return List.of("127.0.0.1", "localhost", "[::1]").contains(endpoint.getHost());
    }
}
