package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.devnet.Programs;
import io.athanor.local.network.Network;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSpec;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A second whole node beside a network's own: the same database, chain and data folder, other ports. */
final class SecondNode {
    /** Behind the ports that a network uses. */
    private static final int PORTS_LATER = 60;

    private static final Duration START = Duration.ofMinutes(2);
    private static final int OK = 200;

    private final URI api;
    private final ManagedProcess process;

    private SecondNode(URI api, ManagedProcess process) {
        this.api = api;
        this.process = process;
    }

    /** Starts it, and returns once it is ready; {@code down} stops it with all others. */
    static SecondNode start(Network network) {
        int port = network.layout().portBase() + PORTS_LATER;
        Map<String, String> environment = new HashMap<>(network.environment());
        environment.put("ATHANOR_PORT_BASE", Integer.toString(port));
        environment.put("ATHANOR_MANAGEMENT_PORT", Integer.toString(port + 1));
        environment.put(
                "ATHANOR_OPERATORS",
                DevWallet.number(DevWallets.OPERATOR).wallet().address());
        ProcessSpec spec = ProcessSpec.of(
                        "node-b", Programs.node(List.of()), network.layout().data(), port)
                .with(environment);
        ManagedProcess process = new ProcessRegistry(network.layout().data()).start(spec);
        URI readiness = URI.create("http://127.0.0.1:" + (port + 1) + "/actuator/health/readiness");
        await().atMost(START).until(() -> !process.isAlive() || answers(readiness));
        assertThat(process.isAlive()).as(process.logTail()).isTrue();
        return new SecondNode(URI.create("http://127.0.0.1:" + port), process);
    }

    private static boolean answers(URI address) throws IOException {
        HttpURLConnection asked = (HttpURLConnection) address.toURL().openConnection();
        try {
            return asked.getResponseCode() == OK;
        } catch (java.net.ConnectException notYet) {
            return false;
        } finally {
            asked.disconnect();
        }
    }

    URI api() {
        return api;
    }

    /** Whether its log says this. */
    boolean says(String words) throws IOException {
        return Files.readString(process.log()).contains(words);
    }
}
