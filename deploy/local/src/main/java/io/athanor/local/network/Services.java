package io.athanor.local.network;

import io.athanor.local.demo.SampleImages;
import io.athanor.local.devnet.Attesters;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.devnet.DevnetAccounts;
import io.athanor.local.devnet.DevnetMachines;
import io.athanor.local.devnet.Programs;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which of Athanor's services make a development network; a new service is added here, behind those it needs. */
public final class Services {

    private Services() {}

    /** The network of a layout; {@code variables} is the launcher's environment. */
    public static Network network(NetworkLayout layout, Map<String, String> variables, Progress progress) {
        Network network = new Network(layout, variables);
        Optional.ofNullable(variables.get("ATHANOR_PROFILE")).ifPresent(network::profile);
        network.with("node", () -> node(layout, List.of()));
        DevnetAccounts accounts =
                new DevnetAccounts(network, progress, DevWallets.CHECKERS, DevnetMachines.GPUS_IN_ALL);
        network.with(accounts);
        for (int i = 0; i < DevWallets.CHECKERS; i++) {
            int index = i;
            network.with("checker-" + i, () -> checker(layout, index));
        }
        network.with(new DevnetMachines(network, accounts, progress));
        for (int i = 0; i < DevnetMachines.MACHINES; i++) {
            int index = i;
            network.with("agent-" + i, () -> agent(network, index));
        }
        network.with(new SampleImages(network, progress));
        return network;
    }

    /** The node's own address. */
    public static URI api(NetworkLayout layout) {
        return URI.create("http://127.0.0.1:" + layout.api());
    }

    /** The node, deploying the contracts where there are none; {@code options} go to its virtual machine. */
    public static Service node(NetworkLayout layout, List<String> options) {
        return new Service(
                "node",
                Programs.node(options),
                Map.of(
                        "ATHANOR_CHAIN_DEPLOY",
                        "true",
                        "ATHANOR_OPERATORS",
                        DevWallet.number(DevWallets.OPERATOR).wallet().address(),
                        "ATHANOR_MANAGEMENT_PORT",
                        Integer.toString(layout.management())),
                layout.api(),
                Optional.of(URI.create("http://127.0.0.1:" + layout.management() + "/actuator/health/readiness")));
    }

    private static Service checker(NetworkLayout layout, int index) {
        List<String> arguments = List.of(
                "checker",
                "run",
                "--data",
                Attesters.folder(layout.data(), index).toString(),
                "--server",
                api(layout).toString(),
                "--wallet",
                DevWallet.number(DevWallets.FIRST_CHECKER + index).wallet().address(),
                "--attester-key",
                Attesters.keyFile(layout.data(), index).toString(),
                "--listen",
                "127.0.0.1:" + layout.checker(index));
        return new Service(
                "checker-" + index, Programs.agent(arguments), Map.of(), layout.checker(index), Optional.empty());
    }

    private static Service agent(Network network, int index) {
        NetworkLayout layout = network.layout();
        List<String> arguments = List.of(
                "run",
                "--data",
                DevnetMachines.folder(layout.data(), index).toString(),
                "--server",
                api(layout).toString(),
                "--docker-host",
                network.docker().host().toString(),
                "--simulated-gpus",
                DevnetMachines.GPUS,
                "--metrics-port",
                Integer.toString(layout.agentMetrics(index)));
        return new Service(
                "agent-" + index, Programs.agent(arguments), Map.of(), layout.agentMetrics(index), Optional.empty());
    }
}
