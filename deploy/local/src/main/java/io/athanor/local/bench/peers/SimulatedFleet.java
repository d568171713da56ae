package io.athanor.local.bench.peers;

import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.wire.AgentProtocol.Enroll;
import io.athanor.domain.wire.AgentProtocol.Enrolled;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The simulated machines: enrolled with real keys under the development provider's wallet, each on its own thread. */
final class SimulatedFleet {
    private static final Ath PRICE = Ath.parse("1000000000000000");
    private static final String CERTIFIED = "CERTIFIED";

    private final ApiClient api;
    private final SigningDomain domain;
    private final DevWallet provider = DevWallet.number(DevWallets.PROVIDER);
    private final List<MachineId> machines = new ArrayList<>();

    private record Token(String token) {}

    SimulatedFleet(URI server, SigningDomain domain) {
        this.api = new ApiClient(server);
        this.domain = domain;
    }

    /** Enrols the machines and starts their agents. */
    void start(int count, int gpus, long runMillis, Tasks tasks) throws IOException, InterruptedException {
        ApiClient signedIn = provider.signIn(api, domain.chainId());
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < count; i++) {
            Ed25519.KeyPair key = Ed25519.generate(random);
            MachineId machine = new MachineId(DevWallet.freshId());
            enrol(signedIn, machine, key, gpus);
            machines.add(machine);
            Thread.ofVirtual()
                    .name("simulated-agent-" + i)
                    .start(new SimulatedAgent(api.base(), machine, key, gpus, runMillis, tasks));
        }
    }

    private void enrol(ApiClient signedIn, MachineId machine, Ed25519.KeyPair key, int gpus)
            throws IOException, InterruptedException {
        String agentKey = Hex.encode(key.publicKey());
        Authorization by = provider.authorize(
                domain, (id, until) -> TypedCommands.authorizeAgent(provider.wallet(), agentKey, machine, id, until));
        Token token = signedIn.post("/v1/machines/enrolment-tokens", Map.of(), Token.class);
        PeerHttp.machine(api.base(), machine, key)
                .post(
                        "/agent/v1/enroll",
                        new Enroll(token.token(), machine, agentKey, SimulatedInventory.of(machine, gpus), by),
                        Enrolled.class);
        Authorization offer =
                provider.authorize(domain, (id, until) -> TypedCommands.listOffer(machine, PRICE, id, until));
        api.post(
                "/v1/machines/" + machine + "/offer",
                Map.of("machine", machine, "price", PRICE, "authorization", offer),
                Map.class);
    }

    /** How many of the machines are certified now. */
    int certified() {
        int certified = 0;
        for (MachineId machine : List.copyOf(machines)) {
            MachineView view = api.get("/v1/machines/" + machine, MachineView.class);
            certified += view.standing().equals(CERTIFIED) ? 1 : 0;
        }
        return certified;
    }
}
