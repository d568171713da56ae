package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.audit.Replay;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.WithdrawalView;
import io.athanor.domain.view.WithdrawalView.Claim;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.network.Network;
import io.athanor.local.network.Services;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a provider earned goes from its account into its own wallet, claimed by nothing but JSON-RPC. */
final class Earnings {
    /** Below the vault's daily limit, so that one claim pays all of it. */
    private static final Ath MOST = Ath.ofWhole(1_000);

    private final Network network;
    private final ApiClient api;
    private final DevWallet provider = DevWallet.number(DevWallets.PROVIDER);
    private final String account = "/v1/accounts/" + provider.wallet();

    Earnings(Network network) {
        this.network = network;
        this.api = new ApiClient(Services.api(network.layout()));
    }

    private record Terms(long chainId, Wallet settlementLog) {}

    private record Contracts(String token) {}

    private record Account(AccountView account) {}

    void leaveByProof() throws IOException, InterruptedException {
        PlainWallet wallet =
                new PlainWallet(network.chain().rpc(), provider.wallet().address());
        Ath earned = api.get(account, Account.class).account().available().min(MOST);
        assertThat(earned.isZero()).isFalse();
        request(earned);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> claim().filter(claim -> claim.activeAt() != null).isPresent());
        Claim claim = claim().orElseThrow();
        Instant activeAt = Optional.ofNullable(claim.activeAt()).orElseThrow();

        String token = Json.read(Files.readAllBytes(network.layout().data().resolve("contracts.json")), Contracts.class)
                .token();
        BigInteger before = wallet.balance(token);
        assertThat(wallet.claim(claim)).as("before the activation delay").isEqualTo("0x0");
        wallet.pass(Duration.between(Instant.now(), activeAt).plusSeconds(2));
        assertThat(wallet.claim(claim)).isEqualTo("0x1");
        assertThat(wallet.balance(token).subtract(before)).isEqualTo(earned.wei());
        await().atMost(Duration.ofMinutes(1)).until(() -> earned.equals(view().paid()));
        historyIsAnchored(wallet);
    }

    private void request(Ath amount) {
        Terms terms = api.get("/v1/parameters", Terms.class);
        Authorization signed = provider.authorize(
                new SigningDomain(terms.chainId(), terms.settlementLog()),
                (id, until) -> TypedCommands.requestWithdrawal(provider.wallet(), amount, id, until));
        api.post(account + "/withdrawals", Map.of("amount", amount, "authorization", signed), JsonNode.class);
    }

    private WithdrawalView view() {
        return api.get(account + "/withdrawals", WithdrawalView.class);
    }

    private Optional<Claim> claim() {
        return Optional.ofNullable(view().claim());
    }

    /** The auditor finds no difference, and what the contract says the event log was is what the export gives. */
    private void historyIsAnchored(PlainWallet wallet) {
        String log = api.get("/v1/parameters", Terms.class).settlementLog().address();
        await().atMost(Duration.ofMinutes(1)).until(() -> !wallet.anchored(log).isEmpty());
        PlainWallet.Anchored anchored = wallet.anchored(log);
        Replay replay = new Replay();
        new String(api.bytes("/v1/audit/export?after=0"), StandardCharsets.UTF_8)
                .lines()
                .forEach(replay::accept);
        assertThat(replay.result().problems()).isEmpty();
        assertThat(replay.result().matches()).isTrue();
        assertThat(replay.checkpoints())
                .filteredOn(state -> BigInteger.valueOf(state.size()).equals(anchored.size()))
                .extracting(state -> state.root())
                .containsExactly(anchored.root());
    }
}
