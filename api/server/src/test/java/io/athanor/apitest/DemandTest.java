package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.api.command.AuthorizeSessionKey;
import io.athanor.api.command.CancelJob;
import io.athanor.api.command.RegisterProvider;
import io.athanor.api.command.RevokeSessionKey;
import io.athanor.api.command.SubmitJob;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.JobSpec.GpuDemand;
import io.athanor.domain.signing.TypedCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Demands that no machine can meet, and what session keys may sign. */
@Tag("postgres")
class DemandTest {
    private static JobSpec in(Region region, int gpus, Ath maxPrice) {
        return new JobSpec(
                "far",
                Samples.IMAGE,
                java.util.List.of(),
                Map.of(),
                1,
                new GpuDemand(gpus, null, 0, true),
                500,
                256,
                60_000,
                maxPrice,
                Ath.ofWhole(10),
                Map.of(),
                JobSpec.Network.NONE,
                Set.of(region));
    }

    @Test
    void whatNoMachineHasIsImpossibleAndWhatNoMachineCostsIsTooCheap() {
        Region region = new Region("moon-1");
        Secp256k1.KeyPair client = Samples.funded(100);
        Ath dear = Ath.parse("1000000000000000");
        TestAgent agent = TestAgent.online(Samples.inventory(2, region.name()));
        Client.post("/v1/machines/" + agent.machine + "/offer", Samples.offer(agent.provider, agent.machine, dear));

        Client.Answer eight = Client.post("/v1/jobs", Samples.submit(client, in(region, 8, dear)));
        assertThat(eight.status()).isEqualTo(422);
        assertThat(eight.code()).isEqualTo("IMPOSSIBLE_DEMAND");
        Client.Answer elsewhere = Client.post("/v1/jobs", Samples.submit(client, in(new Region("moon-2"), 1, dear)));
        assertThat(elsewhere.code()).isEqualTo("IMPOSSIBLE_DEMAND");
        Ath cheap = Ath.parse("999999999999999");
        assertThat(Client.post("/v1/jobs", Samples.submit(client, in(region, 2, cheap)))
                        .code())
                .isEqualTo("PRICE_TOO_LOW");
        assertThat(Client.post("/v1/jobs", Samples.submit(client, in(region, 2, dear)))
                        .status())
                .isEqualTo(202);
    }

    private static Authorization by(
            Secp256k1.KeyPair key, Wallet wallet, BiFunction<CommandId, Instant, Hash32> struct) {
        CommandId id = new CommandId(Samples.uuid());
        Instant expiresAt = Instant.now().plus(Duration.ofMinutes(5));
        return Samples.sign(key, wallet, id, expiresAt, struct.apply(id, expiresAt), Samples.DOMAIN);
    }

    private static Client.Answer submit(Secp256k1.KeyPair key, Wallet wallet, JobId job, JobSpec spec) {
        Authorization signed =
                by(key, wallet, (id, expiresAt) -> Samples.submitStruct(job, wallet, spec, id, expiresAt));
        return Client.post("/v1/jobs", new SubmitJob(job, spec, signed, null));
    }

    private static Client.Answer cancel(Secp256k1.KeyPair key, Wallet wallet, JobId job) {
        Authorization signed = by(key, wallet, (id, expiresAt) -> TypedCommands.cancelJob(job, "done", id, expiresAt));
        return Client.post("/v1/jobs/" + job + "/cancel", new CancelJob(job, "done", signed, null));
    }

    @Test
    void aSessionKeySignsWithinItsScopeAndLimit() {
        Secp256k1.KeyPair client = Samples.funded(100);
        Wallet wallet = Samples.wallet(client);
        Secp256k1.KeyPair hot = Samples.key();
        JobId first = new JobId(Samples.uuid());
        assertThat(submit(hot, wallet, first, Samples.spec(1)).code()).isEqualTo("SESSION_KEY_NOT_AUTHORISED");

        SessionKey key = new SessionKey(
                Samples.wallet(hot),
                Ath.ofWhole(15),
                Set.of(SessionKey.Scope.SUBMIT_JOB),
                Instant.now().plusSeconds(600));
        SessionKey stored = new SessionKey(
                key.key(),
                key.limit(),
                key.scopes(),
                Instant.ofEpochMilli(key.expiresAt().toEpochMilli()));
        Authorization grant = Samples.authorize(
                client, (id, expiresAt) -> TypedCommands.authorizeSessionKey(wallet, stored, id, expiresAt));
        String keys = "/v1/accounts/" + wallet + "/session-keys";
        assertThat(Client.post(keys, new AuthorizeSessionKey(stored, grant, null))
                        .status())
                .isEqualTo(202);

        assertThat(submit(hot, wallet, first, Samples.spec(1)).status()).isEqualTo(202);
        assertThat(submit(hot, wallet, new JobId(Samples.uuid()), Samples.spec(1))
                        .code())
                .isEqualTo("SESSION_KEY_LIMIT");
        assertThat(cancel(hot, wallet, first).code()).isEqualTo("SESSION_KEY_NOT_AUTHORISED");
        Authorization provider =
                by(hot, wallet, (id, expiresAt) -> TypedCommands.registerProvider(wallet, "p", "g", id, expiresAt));
        assertThat(Client.post("/v1/providers", new RegisterProvider("p", "g", provider, null))
                        .code())
                .isEqualTo("NOT_ALLOWED");

        Authorization revoke = Samples.authorize(
                client, (id, expiresAt) -> TypedCommands.revokeSessionKey(wallet, stored.key(), id, expiresAt));
        assertThat(Client.post(keys + "/revoke", new RevokeSessionKey(stored.key(), revoke, null))
                        .status())
                .isEqualTo(202);
        assertThat(submit(hot, wallet, new JobId(Samples.uuid()), Samples.spec(1))
                        .code())
                .isEqualTo("SESSION_KEY_NOT_AUTHORISED");
        assertThat(cancel(client, wallet, first).status()).isEqualTo(202);
        shownAsRevoked(keys, wallet, stored.key());
    }

    /** Both doors say what the key might have spent, what it spent, and that it is over. */
    private static void shownAsRevoked(String keys, Wallet wallet, Wallet key) {
        JsonNode rest = Client.get(keys).json().path("items").path(0);
        String ask = "query($w: ID!) { sessionKeys(wallet: $w) { nodes { key scopes spendLimit spent expiresAt"
                + " revokedAt } } }";
        JsonNode graph = Client.post("/graphql", Map.of("query", ask, "variables", Map.of("w", wallet.toString())))
                .json()
                .path("data")
                .path("sessionKeys")
                .path("nodes")
                .path(0);
        for (JsonNode shown : java.util.List.of(rest, graph)) {
            assertThat(shown.path("key").asText()).isEqualTo(key.toString());
            assertThat(shown.path("scopes").toString()).isEqualTo("[\"SUBMIT_JOB\"]");
            assertThat(shown.path("spendLimit").asText())
                    .isEqualTo(Ath.ofWhole(15).toString());
            assertThat(shown.path("spent").asText()).isEqualTo(Ath.ofWhole(10).toString());
            assertThat(shown.path("revokedAt").asText()).isNotBlank();
        }
    }
}
