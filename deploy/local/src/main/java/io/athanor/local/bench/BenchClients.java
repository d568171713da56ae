package io.athanor.local.bench;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.local.bench.peers.SimulatedClients;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevChain;
import io.athanor.local.devnet.DevnetAccounts;
import io.athanor.local.network.Network;
import io.athanor.local.network.Services;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Waiting;
import java.time.Duration;

/** Deposits, on the chain, what the simulated clients will spend. */
final class BenchClients {
    private static final Ath DEPOSIT = Ath.ofWhole(10_000);
    private static final Duration CREDITED_WITHIN = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(500);

    private BenchClients() {}

    static void deposit(Network network) {
        DevChain chain =
                new DevChain(network.chain().rpc(), network.layout().data().resolve("contracts.json"));
        for (Wallet client : SimulatedClients.wallets()) {
            chain.fund(client, DEPOSIT);
            chain.deposit(client, DEPOSIT);
        }
        chain.settle();
    }

    static void awaitCredited(Network network) {
        ApiClient api = new ApiClient(Services.api(network.layout()));
        boolean credited = Waiting.until(
                CREDITED_WITHIN,
                POLL,
                () -> SimulatedClients.wallets().stream()
                        .noneMatch(client ->
                                DevnetAccounts.account(api, client).deposited().isZero()));
        if (!credited) {
            throw new EngineFailure("The clients' deposits were not credited in time.", "See the node's log.");
        }
    }
}
