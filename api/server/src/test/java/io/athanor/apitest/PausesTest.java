package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.PauseNetwork;
import io.athanor.api.command.RequestWithdrawal;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guardian's door. The other tests share the node, so the pause here lies in the past of their clock. */
@Tag("postgres")
class PausesTest {
    private static final String WHY = "a leak in the verifier";
    private static final long MILLIS = 60_000;

    @Test
    void onlyTheGuardianPauses() {
        Secp256k1.KeyPair other = Samples.key();
        Authorization stranger = Samples.authorize(
                other, (id, until) -> TypedEconomy.pauseNetwork(Samples.wallet(other), WHY, 1, id, until));
        Client.Answer refused = Client.post("/v1/pauses", new PauseNetwork(WHY, 1, stranger, null));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("NOT_ALLOWED");
    }

    @Test
    void newWorkIsRefusedWhileItLastsAndTakenAfterwards() {
        Map<String, Object> work = newWork();
        ApiNode.CLOCK.shift.set(Duration.ofMillis(-2 * MILLIS));
        try {
            pause();
            work.forEach((door, order) -> {
                Client.Answer refused = Client.post(door, order);
                assertThat(refused.status()).as(door).isEqualTo(503);
                assertThat(refused.code()).as(door).isEqualTo("NETWORK_PAUSED");
            });
            Secp256k1.KeyPair key = Samples.key();
            assertThat(Client.post("/v1/providers", Samples.provider(key, "paused"))
                            .status())
                    .as("what a pause does not stop")
                    .isEqualTo(202);
        } finally {
            ApiNode.CLOCK.shift.set(Duration.ZERO);
        }
        work.forEach((door, order) -> {
            Client.Answer taken = Client.post(door, order);
            assertThat(taken.status()).as(door + ": " + taken.text()).isEqualTo(202);
        });
        assertThat(Client.get("/v1/pauses")
                        .json()
                        .path("items")
                        .path(0)
                        .path("why")
                        .asText())
                .isEqualTo(WHY);
    }

    /** By its door: an order, an offer, a withdrawal. */
    private static Map<String, Object> newWork() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        Secp256k1.KeyPair owner = Samples.funded(20);
        Ath amount = Ath.ofWhole(1);
        Authorization signed = Samples.authorize(
                owner, (id, until) -> TypedCommands.requestWithdrawal(Samples.wallet(owner), amount, id, until));
        return Map.of(
                "/v1/jobs",
                Samples.submit(Samples.funded(20), Samples.spec(1)),
                "/v1/machines/" + agent.machine + "/offer",
                Samples.offer(agent.provider, agent.machine, amount),
                "/v1/accounts/" + Samples.wallet(owner) + "/withdrawals",
                new RequestWithdrawal(amount, signed, null));
    }

    private static void pause() {
        DevWallet guardian = DevWallet.number(DevWallets.OPERATOR);
        Authorization by = guardian.authorize(
                Samples.DOMAIN, (id, until) -> TypedEconomy.pauseNetwork(guardian.wallet(), WHY, MILLIS, id, until));
        Client.Answer accepted = Client.post("/v1/pauses", new PauseNetwork(WHY, MILLIS, by, null));
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    }
}
