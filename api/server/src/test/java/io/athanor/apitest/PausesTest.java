package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.PauseNetwork;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import org.junit.jupiter.api.Test;

/** The guardian's door. Its one pause here is over at once, since the other tests share the node. */
class PausesTest {
    private static final String WHY = "a leak in the verifier";

    @Test
    void onlyTheGuardianPausesAndEverybodySeesIt() {
        Secp256k1.KeyPair other = Samples.key();
        Authorization stranger = Samples.authorize(
                other, (id, until) -> TypedEconomy.pauseNetwork(Samples.wallet(other), WHY, 1, id, until));
        Client.Answer refused = Client.post("/v1/pauses", new PauseNetwork(WHY, 1, stranger, null));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("NOT_ALLOWED");
        assertThat(Client.get("/v1/pauses").json().path("items")).isEmpty();

        DevWallet guardian = DevWallet.number(DevWallets.OPERATOR);
        Authorization by = guardian.authorize(
                Samples.DOMAIN, (id, until) -> TypedEconomy.pauseNetwork(guardian.wallet(), WHY, 1, id, until));
        Client.Answer accepted = Client.post("/v1/pauses", new PauseNetwork(WHY, 1, by, null));
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        assertThat(Client.get("/v1/pauses")
                        .json()
                        .path("items")
                        .path(0)
                        .path("why")
                        .asText())
                .isEqualTo(WHY);
    }
}
