package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.api.command.CommitCanaries;
import io.athanor.api.command.OpenCanaries;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The mystery shopper's doors, and what a machine sees of its jobs. */
@Tag("postgres")
class CanariesTest {
    private static final DevWallet SHOPPER = DevWallet.number(DevWallets.OPERATOR);
    /** Far ahead of the tests' clock. */
    private static final long EPOCH = 1_000_000_000_000L;

    private static CommitCanaries byShopper(long epoch, Sha256 digest) {
        return new CommitCanaries(
                epoch,
                digest,
                SHOPPER.authorize(
                        Samples.DOMAIN,
                        (id, until) -> TypedEconomy.commitCanaries(SHOPPER.wallet(), epoch, digest, id, until)),
                null);
    }

    private static CanaryPlan plan(long epoch, JobSpec spec) {
        Plant plant = new Plant(SHOPPER.wallet(), spec, Fact.ENDED_BY_CLIENT, Hash32.ZERO);
        return new CanaryPlan(epoch, Hash32.ZERO, List.of(plant));
    }

    @Test
    void onlyTheShopperFixesAPlanAndBeforeItsEpoch() {
        Sha256 digest = Json.digest(plan(EPOCH, Samples.spec(1)));
        Secp256k1.KeyPair other = Samples.key();
        CommitCanaries strangers = new CommitCanaries(
                EPOCH,
                digest,
                Samples.authorize(
                        other,
                        (id, until) -> TypedEconomy.commitCanaries(Samples.wallet(other), EPOCH, digest, id, until)),
                null);
        assertThat(Client.post("/v1/canaries", strangers).code()).isEqualTo("NOT_ALLOWED");
        assertThat(Client.post("/v1/canaries", byShopper(1, digest)).code()).isEqualTo("WINDOW_CLOSED");

        Client.Answer taken = Client.post("/v1/canaries", byShopper(EPOCH, digest));
        assertThat(taken.status()).as(taken.text()).isEqualTo(202);
        JsonNode shown = Client.get("/v1/canaries").json().path("items").path(0);
        assertThat(shown.path("commitment").asText()).isEqualTo(digest.toString());
        assertThat(shown.path("plan").isMissingNode() || shown.path("plan").isNull())
                .as("the plan is secret")
                .isTrue();
        assertThat(Client.post("/v1/canaries", byShopper(EPOCH, digest)).code())
                .as("a second plan")
                .isEqualTo("DUPLICATE_COMMITMENT");
    }

    @Test
    void aPlanOfAnEpochThatHasNotBeenIsNotOpened() {
        CanaryPlan plan = plan(EPOCH + 1, Samples.spec(1));
        OpenCanaries early = new OpenCanaries(
                plan,
                List.of(),
                null,
                SHOPPER.authorize(
                        Samples.DOMAIN,
                        (id, until) -> TypedEconomy.openCanaries(
                                SHOPPER.wallet(), Json.digest(plan), Json.digest(List.of()), id, until)),
                null);
        assertThat(Client.post("/v1/canaries/openings", early).code()).isEqualTo("NOT_FOUND");
    }

    /** Field by field and to the byte; only names, digests and times differ, and none of them says whose job it is. */
    @Test
    void aMachineSeesTheSameOfAMysteryJobAndOfAClients() {
        JsonNode canary = seen("0123456789abcdef");
        JsonNode client = seen("fedcba9876543210");
        assertThat(shape(canary)).isEqualTo(shape(client));
        assertThat(canary.toString()).doesNotContainIgnoringCase("canary").hasSameSizeAs(client.toString());
    }

    /** What reaches the machine for the job of a fresh wallet whose command has this word. */
    private static JsonNode seen(String word) {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        JobSpec any = Samples.spec(1);
        JobSpec spec = new JobSpec(
                any.name(),
                any.image(),
                List.of("/bin/sh", "-c", "echo " + word + " > /out/result"),
                any.env(),
                any.tasks(),
                any.gpus(),
                any.cpuMillis(),
                any.memoryMib(),
                any.maxDurationMillis(),
                any.maxPrice(),
                any.cap(),
                any.inputs(),
                any.network(),
                any.regions());
        Secp256k1.KeyPair fresh = Samples.funded(20);
        Placed.onto(agent, fresh, spec);
        Start order = agent.next(Start.class);
        String text = new String(Json.bytes(order), StandardCharsets.UTF_8);
        assertThat(text)
                .as("whose it is")
                .doesNotContainIgnoringCase(fresh.address().substring(2));
        return Json.read(text, JsonNode.class);
    }

    /** The paths of all its fields. */
    private static List<String> shape(JsonNode node) {
        List<String> paths = new ArrayList<>();
        collect("", node, paths);
        return paths;
    }

    private static void collect(String path, JsonNode node, List<String> paths) {
        paths.add(path + " " + node.getNodeType());
        node.properties().forEach(field -> collect(path + "/" + field.getKey(), field.getValue(), paths));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(path + "/" + i, node.get(i), paths);
        }
    }
}
