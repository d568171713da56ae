package io.athanor.e2e;

import static org.awaitility.Awaitility.await;

import io.athanor.agent.AgentSettings;
import io.athanor.agent.Enrolment;
import io.athanor.agent.Identity;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.PoolView;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevChain;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.devnet.DevnetMachines;
import io.athanor.local.devnet.Programs;
import io.athanor.local.network.Network;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One more machine of a running network, with an agent that lies or one that does not; {@code down} stops it too. */
final class ThirdMachine {
    private static final String NAME = "agent-third";
    private static final Ath BOND = Ath.ofWhole(400_000);

    private final Network network;
    private final URI server;
    private final Path folder;
    private final Identity identity;
    private final SigningDomain domain;
    private ManagedProcess agent;

    private ThirdMachine(
            Network network, URI server, Path folder, Identity identity, SigningDomain domain, ManagedProcess agent) {
        this.network = network;
        this.server = server;
        this.folder = folder;
        this.identity = identity;
        this.domain = domain;
        this.agent = agent;
    }

    /** More stake for what is claimed here, and so much that no case here needs a large committee; once it is credited. */
    private static void bond(Network network, ApiClient api) {
        Wallet provider = DevWallet.number(DevWallets.PROVIDER).wallet();
        PoolId pool = PoolId.ofProvider(provider);
        Ath before = api.get("/v1/pools/" + pool, PoolView.class).selfBond();
        DevChain chain =
                new DevChain(network.chain().rpc(), network.layout().data().resolve("contracts.json"));
        chain.fund(provider, BOND);
        chain.bond(provider, pool, BOND);
        chain.settle();
        await().atMost(Duration.ofMinutes(1))
                .until(() ->
                        api.get("/v1/pools/" + pool, PoolView.class).selfBond().equals(before.plus(BOND)));
    }

    private record Token(String token) {}

    /** Enrols it as what it is not, and starts it. */
    static ThirdMachine lying(Network network, URI server, SigningDomain domain)
            throws IOException, InterruptedException {
        Path folder = network.layout().data().resolve(NAME);
        Identity identity = Identity.of(folder);
        DevWallet provider = DevWallet.number(DevWallets.PROVIDER);
        ApiClient api = new ApiClient(server);
        bond(network, api);
        Authorization by = provider.authorize(
                domain,
                (id, until) -> TypedCommands.authorizeAgent(
                        provider.wallet(), identity.agentKey(), identity.machine(), id, until));
        String token = provider.signIn(api, domain.chainId())
                .post("/v1/machines/enrolment-tokens", Map.of(), Token.class)
                .token();
        String engine = network.docker().host().toString();
        Enrolment.send(AgentSettings.of(folder, server, engine, LyingAgent.CLAIMED), token, by);
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LyingAgent.class.getName()));
        line.addAll(List.of(folder.toString(), server.toString(), engine));
        return new ThirdMachine(network, server, folder, identity, domain, start(network, line));
    }

    private static ManagedProcess start(Network network, List<String> line) throws IOException {
        Path data = network.layout().data();
        return new ProcessRegistry(data).start(ProcessSpec.of(NAME, line, data, 0));
    }

    /** Ends the lying agent and starts the real one with the GPUs that compute. */
    void tellTheTruth() throws IOException {
        kill();
        start();
    }

    /** SIGKILL; nobody starts it again. */
    void kill() {
        agent.kill();
    }

    /** The real agent, with the GPUs that compute. */
    void start() throws IOException {
        agent = start(
                network,
                Programs.agent(List.of(
                        "run",
                        "--data",
                        folder.toString(),
                        "--server",
                        server.toString(),
                        "--docker-host",
                        network.docker().host().toString(),
                        "--simulated-gpus",
                        LyingAgent.OWNED)));
    }

    /** Offers its GPU for what the network's other machines cost, once it is certified. */
    void offer() {
        await().atMost(Duration.ofMinutes(2)).until(() -> seen().standing().equals("CERTIFIED"));
        Authorization by = DevWallet.number(DevWallets.PROVIDER)
                .authorize(
                        domain,
                        (id, until) -> TypedCommands.listOffer(identity.machine(), DevnetMachines.PRICE, id, until));
        new ApiClient(server)
                .post(
                        "/v1/machines/" + identity.machine() + "/offer",
                        Map.of("machine", identity.machine(), "price", DevnetMachines.PRICE, "authorization", by),
                        Map.class);
    }

    MachineId id() {
        return identity.machine();
    }

    MachineView seen() {
        return new ApiClient(server).get("/v1/machines/" + identity.machine(), MachineView.class);
    }
}
