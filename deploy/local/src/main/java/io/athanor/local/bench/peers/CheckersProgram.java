package io.athanor.local.bench.peers;

import io.athanor.codec.Json;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.Attesters;
import io.athanor.local.devnet.DevChain;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** All simulated checkers of a benchmark, in one process of their own. */
public final class CheckersProgram {
    /**
     * What it is started with.
     *
     * @param data the network's folder, where the attesters' keys lie
     * @param ports each checker's probe endpoint on loopback
     */
    public record Settings(URI server, Path contracts, Path data, List<Integer> ports) {
        public Settings {
            ports = List.copyOf(ports);
        }
    }

    private record Terms(ProtocolParameters parameters) {}

    private CheckersProgram() {}

    /** Runs until it is ended; its one argument is a file with {@link Settings}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Settings settings = Json.read(Files.readAllBytes(Path.of(arguments[0])), Settings.class);
        DevChain.Contracts contracts = Json.read(Files.readAllBytes(settings.contracts()), DevChain.Contracts.class);
        SigningDomain domain = new SigningDomain(contracts.chainId(), contracts.log());
        Terms terms = new ApiClient(settings.server()).get("/v1/parameters", Terms.class);
        for (int i = 0; i < settings.ports().size(); i++) {
            Secp256k1.KeyPair attester = Secp256k1.keyPair(KeyFiles.read(Attesters.keyFile(settings.data(), i)));
            PeerHttp http = PeerHttp.attester(settings.server(), attester);
            SimulatedLook look = new SimulatedLook(
                    http,
                    new SimulatedDoor(settings.ports().get(i)),
                    terms.parameters().reward().modelPpm());
            SimulatedChecker checker = new SimulatedChecker(
                    DevWallet.number(DevWallets.FIRST_CHECKER + i).wallet(), attester, http, domain, look);
            Thread.ofVirtual().name("simulated-checker-" + i).start(checker);
        }
        Thread.currentThread().join();
    }
}
