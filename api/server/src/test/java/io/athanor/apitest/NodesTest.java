package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.RegisterNode;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who writes the history is in it by name. */
@Tag("postgres")
class NodesTest {
    private final Wallet node = Samples.wallet(Samples.key());

    @Test
    void onlyTheGuardianNamesNodes() {
        Secp256k1.KeyPair other = Samples.key();
        Authorization stranger = Samples.authorize(
                other, (id, until) -> TypedEconomy.registerNode(Samples.wallet(other), node, true, id, until));
        assertThat(Client.post("/v1/nodes", new RegisterNode(node, true, stranger, null))
                        .code())
                .isEqualTo("NOT_ALLOWED");
        assertThat(listed()).doesNotContain(node.toString());
    }

    @Test
    void theGuardianNamesThemAndTakesThemOff() {
        assertThat(register(true).status()).isEqualTo(202);
        assertThat(listed()).contains(node.toString());
        assertThat(register(false).status()).isEqualTo(202);
        assertThat(listed()).doesNotContain(node.toString());
    }

    private Client.Answer register(boolean active) {
        DevWallet guardian = DevWallet.number(DevWallets.OPERATOR);
        Authorization by = guardian.authorize(
                Samples.DOMAIN, (id, until) -> TypedEconomy.registerNode(guardian.wallet(), node, active, id, until));
        return Client.post("/v1/nodes", new RegisterNode(node, active, by, null));
    }

    private static String listed() {
        return Client.get("/v1/nodes").json().path("nodes").toString();
    }
}
