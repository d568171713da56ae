package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.auth.Access;
import io.athanor.api.web.Problems;
import io.athanor.crypto.Secp256k1;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;

/** Nobody may do what the table of access does not say. */
@Tag("postgres")
class AccessTest {
    private static final PathPatternParser PARSER = new PathPatternParser();

    private record Route(RequestMethod method, String path) {}

    /** Every route of our controllers with a concrete path. */
    private static List<Route> routes() {
        return ApiNode.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue().getBeanType().getName().startsWith("io.athanor."))
                .flatMap(entry -> routes(entry.getKey()))
                .toList();
    }

    private static Stream<Route> routes(RequestMappingInfo mapping) {
        return mapping.getPatternValues().stream()
                .map(pattern -> pattern.replaceAll("\\{\\*[a-z]+}", "a/b").replaceAll("\\{[a-zA-Z]+}", "1"))
                .flatMap(path ->
                        mapping.getMethodsCondition().getMethods().stream().map(method -> new Route(method, path)));
    }

    private static String rightOf(Route route) {
        return Access.TABLE.stream()
                .filter(row -> row.method() == null
                        || row.method().name().equals(route.method().name()))
                .filter(row -> PARSER.parse(row.path()).matches(PathContainer.parsePath(route.path())))
                .findFirst()
                .map(Access.Row::right)
                .orElse("DENIED");
    }

    private static Client.Answer call(Route route, Map<String, String> headers) {
        return Client.send(route.method().name(), route.path(), new byte[0], headers);
    }

    @Test
    void refusalsAreCountedByReason() {
        SimpleMeterRegistry figures = new SimpleMeterRegistry();
        Metrics.addRegistry(figures);
        try {
            Client.Answer refused = Client.get("/v1/no-such-door");
            assertThat(refused.code()).isEqualTo("NOT_FOUND");
            assertThat(Client.send("GET", "/v1/auth/me", new byte[0], Client.bearer("forged"))
                            .code())
                    .isEqualTo("NOT_SIGNED_IN");
            assertThat(Client.get("/v1/epochs").status()).isEqualTo(200);
            for (String reason : List.of("NOT_FOUND", "NOT_SIGNED_IN")) {
                assertThat(figures.counter(Problems.COUNTER, "reason", reason).count())
                        .as(reason)
                        .isEqualTo(1);
            }
            assertThat(figures.counter(Problems.COUNTER, "reason", "TOO_LARGE").count())
                    .isZero();
        } finally {
            Metrics.removeRegistry(figures);
        }
    }

    @Test
    void everyRouteHasARowAndTheRowIsKept() {
        Map<Route, String> wrong = new java.util.HashMap<>();
        Map<String, String> stranger = Client.bearer(Samples.signIn(Samples.key()));
        for (Route route : routes()) {
            String right = rightOf(route);
            int anonymous = call(route, Map.of()).status();
            int signedIn = right.startsWith("ROLE_MACHINE") || right.startsWith("ROLE_CHECKER")
                    ? 0
                    : call(route, stranger).status();
            boolean kept = switch (right) {
                case "DENIED" -> false;
                case Access.ANYBODY ->
                    anonymous != 401 && anonymous != 403 || route.path().startsWith("/agent/");
                case "ROLE_OPERATOR" -> anonymous == 401 && signedIn == 403;
                case "ROLE_MACHINE", "ROLE_CHECKER" -> anonymous == 401;
                default -> anonymous == 401 && signedIn != 401;
            };
            if (!kept || anonymous >= 500 || signedIn >= 500) {
                wrong.put(route, right + ": anonymous " + anonymous + ", signed in " + signedIn);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(routes()).hasSizeGreaterThan(50);
    }

    @Test
    void whatIsNotThereIsNotFoundByStrangersToo() {
        for (String path : List.of("/v1/secrets", "/", "/v1/ops/", "/index.html", "/v1/jobs/1/2/3")) {
            Client.Answer answer = Client.get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("NOT_FOUND");
            assertThat(answer.json().path("nextStep").asText()).isNotBlank();
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        }
        Client.Answer signedIn =
                Client.send("GET", "/v1/secrets", new byte[0], Client.bearer(Samples.signIn(Samples.key())));
        assertThat(signedIn.code()).isEqualTo("NOT_FOUND");
        assertThat(Client.get("/v1/parameters").status()).isEqualTo(200);
        assertThat(Client.get("/error").status()).isEqualTo(404);
        assertThat(Client.get("/v1//parameters").code()).isEqualTo("MALFORMED");
    }

    @Test
    void anotherMethodIsToldWhichThereAre() {
        Client.Answer answer = Client.send("PUT", "/v1/jobs", new byte[] {1}, Map.of());
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.code()).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(Client.send("DELETE", "/v1/ops/agents", new byte[0], Map.of())
                        .status())
                .isEqualTo(405);
        assertThat(Client.get("/v1/jobs").status()).isEqualTo(200);
    }

    @Test
    void whatIsTooLargeIsSaidWithItsLimit() {
        byte[] body = new byte[io.athanor.domain.common.Limits.JSON_BODY_BYTES + 1];
        java.util.Arrays.fill(body, (byte) ' ');
        for (String path : List.of("/v1/jobs", "/v1/estimates", "/graphql")) {
            Client.Answer answer = Client.send("POST", path, body, Map.of());
            assertThat(answer.status()).as(path).isEqualTo(413);
            assertThat(answer.code()).isEqualTo("TOO_LARGE");
            assertThat(answer.text()).contains("1048576");
        }
        byte[] small = io.athanor.codec.Json.bytes(Samples.spec(1));
        assertThat(Client.send("POST", "/v1/estimates", small, Map.of()).status())
                .isEqualTo(200);
    }

    @Test
    void anApiKeyDoesWhatItsScopesSayAndNoMore() {
        Secp256k1.KeyPair wallet = Samples.key();
        String token = Samples.signIn(wallet);
        Client.Answer made = Client.send(
                "POST",
                "/v1/auth/api-keys",
                io.athanor.codec.Json.bytes(Map.of(
                        "name", "ci", "scopes", List.of("BLOBS_WRITE"), "expiresAt", "2027-01-01T00:00:00.000Z")),
                Client.bearer(token));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String key = made.json().path("key").asText();
        String id = made.json().path("apiKey").path("id").asText();
        byte[] file = {1, 2, 3};
        String blob = "/v1/blobs/" + io.athanor.domain.common.Sha256.of(file);
        assertThat(Client.send("PUT", blob, file, Client.bearer(key)).status()).isEqualTo(200);
        assertThat(Client.send("POST", "/v1/machines/enrolment-tokens", new byte[0], Client.bearer(key))
                        .code())
                .isEqualTo("NOT_ALLOWED");
        assertThat(Client.send("GET", "/v1/auth/api-keys", new byte[0], Client.bearer(key))
                        .code())
                .isEqualTo("NOT_ALLOWED");
        assertThat(Client.send("GET", "/v1/auth/api-keys", new byte[0], Client.bearer(token))
                        .text())
                .contains(id)
                .doesNotContain(key);
        assertThat(Client.send("GET", blob, new byte[0], Client.bearer(token)).body())
                .isEqualTo(file);
        assertThat(Client.send("GET", blob, new byte[0], Client.bearer(Samples.signIn(Samples.key())))
                        .code())
                .isEqualTo("NOT_FOUND");
        Client.send("DELETE", "/v1/auth/api-keys/" + id, new byte[0], Client.bearer(token));
        assertThat(Client.send("PUT", blob, file, Client.bearer(key)).code()).isEqualTo("NOT_SIGNED_IN");
    }

    @Test
    void operatorsSeeWhatOthersDoNot() {
        String operator = Samples.signIn(io.athanor.crypto.Wallets.devnet(19));
        Client.Answer chain = Client.send("GET", "/v1/ops/chain", new byte[0], Client.bearer(operator));
        assertThat(chain.text()).contains("\"reason\":\"because\"").contains("\"low\":true");
        Client.Answer resumed = Client.send("POST", "/v1/ops/chain/resume", new byte[0], Client.bearer(operator));
        assertThat(resumed.status()).as(resumed.text()).isEqualTo(200);
        assertThat(resumed.text()).doesNotContain("because");
        assertThat(Client.send("GET", "/v1/ops/agents", new byte[0], Client.bearer(operator))
                        .status())
                .isEqualTo(200);
    }
}
