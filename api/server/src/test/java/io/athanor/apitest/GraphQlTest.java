package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graphql.introspection.IntrospectionQuery;
import io.athanor.api.command.SubmitJob;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The GraphQL door: the same commands, views and refusals, within limits. */
@Tag("postgres")
class GraphQlTest {
    private static final String SUBMIT =
            "mutation($input: SubmitJobInput!) { submitJob(input: $input) { commandId events index } }";

    private static JsonNode ask(String query, Map<String, Object> variables) {
        Client.Answer answer = Client.post("/graphql", Map.of("query", query, "variables", variables));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static Object plain(Object value) {
        return Json.mapper().convertValue(value, Object.class);
    }

    private static String code(JsonNode answer) {
        return answer.path("errors").path(0).path("extensions").path("code").asText();
    }

    @Test
    void aJobIsOrderedAndShown() {
        Secp256k1.KeyPair client = Samples.funded(20);
        SubmitJob order = Samples.submit(client, Samples.spec(2));
        JsonNode answer = ask(SUBMIT, Map.of("input", plain(order)));
        assertThat(answer.path("errors").isMissingNode()).as(answer.toString()).isTrue();
        assertThat(answer.path("data").path("submitJob").path("events").asInt()).isEqualTo(5);

        JsonNode job = ask(
                        "query($id: ID!) { job(id: $id) { id client state held submittedAt asOf"
                                + " spec { image env cap gpus { count model } regions } tasks { id state cost }"
                                + " timeline(first: 3) { nodes { event at } edges { cursor node { task } }"
                                + " pageInfo { hasNextPage endCursor } } } }",
                        Map.of("id", order.jobId().toString()))
                .path("data")
                .path("job");
        assertThat(job.path("id").asText()).isEqualTo(order.jobId().toString());
        assertThat(job.path("client").asText()).isEqualTo(client.address());
        assertThat(job.path("spec").path("cap").asText()).isEqualTo("10000000000000000000");
        assertThat(job.path("spec").path("env").path("SCENE").asText()).isEqualTo("glass");
        assertThat(job.path("tasks")).hasSize(2);
        assertThat(job.path("timeline").path("nodes")).hasSize(3);
        assertThat(job.path("timeline").path("pageInfo").path("hasNextPage").asBoolean())
                .isTrue();
        JsonNode rest = ask(
                "query($id: ID!, $after: String) { job(id: $id) { timeline(after: $after) { nodes { event } } } }",
                Map.of(
                        "id",
                        order.jobId().toString(),
                        "after",
                        job.path("timeline").path("pageInfo").path("endCursor").asText()));
        assertThat(rest.path("data").path("job").path("timeline").path("nodes")).hasSize(1);
    }

    @Test
    void refusalsCarryTheCatalogue() {
        Secp256k1.KeyPair client = Samples.key();
        SubmitJob order = Samples.submit(client, Samples.spec(1));
        JsonNode refused = ask(SUBMIT, Map.of("input", plain(order)));
        assertThat(code(refused)).isEqualTo("INSUFFICIENT_FUNDS");
        JsonNode extensions = refused.path("errors").path(0).path("extensions");
        assertThat(extensions.path("status").asInt()).isEqualTo(422);
        assertThat(extensions.path("nextStep").asText()).contains("Deposit");
        JsonNode malformed = ask("{ job(id: \"x\") { id } }", Map.of());
        assertThat(code(malformed)).isEqualTo("MALFORMED");
        JsonNode unknown = ask("{ job(id: \"" + Samples.uuid() + "\") { id } }", Map.of());
        assertThat(unknown.path("data").path("job").isNull()).isTrue();
        assertThat(unknown.path("errors").isMissingNode()).isTrue();
    }

    @Test
    void signaturesAreCheckedHereToo() {
        Secp256k1.KeyPair client = Samples.funded(20);
        SubmitJob good = Samples.submit(client, Samples.spec(1));
        SubmitJob changed = new SubmitJob(good.jobId(), Samples.spec(2), good.authorization(), null);
        assertThat(code(ask(SUBMIT, Map.of("input", plain(changed))))).isEqualTo("SIGNATURE_INVALID");
        assertThat(ask(SUBMIT, Map.of("input", plain(good))).path("errors").isMissingNode())
                .isTrue();
    }

    @Test
    void everyQueryAnswers() {
        JsonNode network = ask("{ network { chainId vault parametersVersion parameters } }", Map.of());
        assertThat(network.path("data").path("network").path("chainId").asLong())
                .isEqualTo(ApiNode.CHAIN);
        assertThat(network.path("data")
                        .path("network")
                        .path("parameters")
                        .path("profile")
                        .asText())
                .isEqualTo("devnet");
        TestAgent agent = TestAgent.online(1);
        JsonNode lists = ask(
                "query($p: ID!) { machines(provider: $p) { nodes { id standing inventory gpus price } asOf }"
                        + " provider(wallet: $p) { name standing } checkers { nodes { wallet } } jobs(first: 1)"
                        + " { pageInfo { hasNextPage } } account(wallet: $p) { available } }",
                Map.of("p", agent.provider.address()));
        assertThat(lists.path("errors").isMissingNode()).as(lists.toString()).isTrue();
        assertThat(lists.path("data")
                        .path("machines")
                        .path("nodes")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo(agent.machine.toString());
        JsonNode estimate = ask(
                "query($s: JobSpecInput!) { estimate(spec: $s) { maxHold decision { evaluated rejected } } }",
                Map.of("s", plain(Samples.spec(1))));
        assertThat(estimate.path("data").path("estimate").path("maxHold").asText())
                .isEqualTo("10000000000000000000");
    }

    @Test
    void limitsStopFloodsAndLeaveIntrospectionAlone() {
        JsonNode introspection = ask(IntrospectionQuery.INTROSPECTION_QUERY, Map.of());
        assertThat(introspection.path("errors").isMissingNode())
                .as(introspection.toString())
                .isTrue();
        assertThat(introspection.path("data").path("__schema").path("types").size())
                .isGreaterThan(40);

        String aliases = IntStream.range(0, 51)
                .mapToObj(i -> "a" + i + ": checkers { asOf }")
                .collect(Collectors.joining(" "));
        assertThat(ask("{ " + aliases + " }", Map.of()).path("errors").toString())
                .contains("aliases");
        String few = IntStream.range(0, 50)
                .mapToObj(i -> "a" + i + ": checkers { asOf }")
                .collect(Collectors.joining(" "));
        JsonNode within = ask("{ " + few + " }", Map.of());
        assertThat(within.path("errors").isMissingNode()).as(within.toString()).isTrue();
        String deep = "{ __schema { types { fields { type { " + "ofType { ".repeat(25) + "name" + " }".repeat(30);
        assertThat(ask(deep, Map.of()).path("errors").toString()).containsIgnoringCase("depth");
        Client.Answer large = Client.postRaw("/graphql", "{\"query\":\"" + " ".repeat(1 << 20) + "\"}");
        assertThat(large.code()).isEqualTo("TOO_LARGE");
        Client.Answer spelled = Client.postRaw("/%67raphql", "{\"query\":\"" + " ".repeat(1 << 20) + "\"}");
        assertThat(spelled.code()).isEqualTo("TOO_LARGE");
    }

    @Test
    void theSchemaIsPublished() throws IOException {
        Path published = Path.of("../../docs/api/schema.graphqls");
        assertThat(published)
                .as("run the build's own copy: cp api/server/src/main/resources/graphql/schema.graphqls docs/api/")
                .hasSameTextualContentAs(Path.of("src/main/resources/graphql/schema.graphqls"));
        assertThat(Files.readString(published)).contains("type Mutation");
    }
}
