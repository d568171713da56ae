package io.athanor.local.devnet;

import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.MachineView;
import io.athanor.local.engine.Engine;
import io.athanor.local.network.Network;
import io.athanor.local.network.Progress;
import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Enrols the development network's machines: their devices' keys are authorised by the provider's wallet, and their
 * offers are signed by it. Their GPUs are simulated, and said to be.
 */
public final class DevnetMachines implements Engine {
    /** How many machines there are. */
    public static final int MACHINES = 2;
    /** What each pretends to have. */
    public static final String GPUS = "2xH200";
    /** How many GPUs that is in all. */
    public static final int GPUS_IN_ALL = 2 * MACHINES;
    /** Offered per GPU-second. */
    public static final Ath PRICE = Ath.parse("1000000000000000");

    private final Network network;
    private final DevnetAccounts accounts;
    private final Progress progress;
    private volatile boolean done;

    public DevnetMachines(Network network, DevnetAccounts accounts, Progress progress) {
        this.network = network;
        this.accounts = accounts;
        this.progress = progress;
    }

    /** What the agent says of itself. */
    private record Identity(MachineId machine, String agentKey) {}

    private record Token(String token) {}

    @Override
    public String name() {
        return "machines";
    }

    public static Path folder(Path data, int index) {
        return data.resolve("agent-" + index);
    }

    @Override
    public void start() {
        if (!done) {
            DevChain.Contracts contracts = accounts.chain().contracts();
            for (int i = 0; i < MACHINES; i++) {
                enroll(i, new SigningDomain(contracts.chainId(), contracts.log()));
            }
            done = true;
        }
    }

    private void enroll(int index, SigningDomain domain) {
        Path data = folder(network.layout().data(), index);
        Identity identity = identity(data);
        DevWallet provider = DevWallet.number(DevWallets.PROVIDER);
        if (accounts.api()
                .find("/v1/machines/" + identity.machine(), MachineView.class)
                .isEmpty()) {
            Authorization by = provider.authorize(
                    domain,
                    (id, until) -> TypedCommands.authorizeAgent(
                            provider.wallet(), identity.agentKey(), identity.machine(), id, until));
            Path file = write(data.resolve("authorization.json"), by);
            Token token = provider.signIn(accounts.api(), domain.chainId())
                    .post("/v1/machines/enrolment-tokens", Map.of(), Token.class);
            run(List.of(
                    "enroll",
                    token.token(),
                    "--authorization",
                    file.toString(),
                    "--data",
                    data.toString(),
                    "--server",
                    accounts.api().base().toString(),
                    "--docker-host",
                    network.docker().host().toString(),
                    "--simulated-gpus",
                    GPUS));
            progress.say("machine " + identity.machine() + " enrols with " + GPUS + " (simulated)");
        }
        accounts.awaitProviderBond();
        offer(identity.machine(), provider, domain);
    }

    private static Identity identity(Path data) {
        String said = run(List.of("identity", "--data", data.toString()));
        String json = said.lines()
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow(() -> new EngineFailure("The agent did not say who it is: " + said, "Build it again."));
        return Json.read(json, Identity.class);
    }

    private void offer(MachineId machine, DevWallet provider, SigningDomain domain) {
        Authorization by =
                provider.authorize(domain, (id, until) -> TypedCommands.listOffer(machine, PRICE, id, until));
        accounts.api()
                .post(
                        "/v1/machines/" + machine + "/offer",
                        Map.of("machine", machine, "price", PRICE, "authorization", by),
                        Map.class);
    }

    private static Path write(Path file, Object value) {
        try {
            return Files.write(file, Json.bytes(value));
        } catch (IOException e) {
            throw new EngineFailure(file + " cannot be written: " + e.getMessage() + ".", "Make room for it.", e);
        }
    }

    private static String run(List<String> arguments) {
        return Commands.require(Programs.agent(arguments), "See what the agent says above.");
    }

    @Override
    public void stop() {
        done = false;
    }

    @Override
    public boolean lives() {
        return done;
    }

    @Override
    public boolean answers() {
        return done;
    }
}
