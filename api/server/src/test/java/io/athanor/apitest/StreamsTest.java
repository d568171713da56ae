package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.audit.ExportLine;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Ended;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Started;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Followed logs, files by digest, and the export. */
@Tag("postgres")
class StreamsTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aFollowedLogEndsWithItsTaskAndGoesOnWhereItWasCut() throws IOException, InterruptedException {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        Secp256k1.KeyPair client = Samples.funded(20);
        LeaseId lease = Placed.onto(agent, client);
        agent.next(Start.class);
        agent.sync(new Started(lease, "c1", Instant.now()));
        byte[] log = utf8("grün\nblau\n");
        String upload = "/agent/v1/logs/" + lease + "?offset=";
        agent.send("POST", upload + 0, java.util.Arrays.copyOf(log, 3));
        String token = Samples.signIn(client);
        Thread rest = Thread.startVirtualThread(() -> {
            agent.send("POST", upload + 3, java.util.Arrays.copyOfRange(log, 3, log.length));
            agent.sync(new Ended(lease, agent.receipt(lease, Ending.COMPLETED, Map.of())));
        });
        List<String> lines = stream("/v1/jobs/" + lease.task().job() + "/logs/stream", token, Map.of());
        rest.join();
        String all = lines.stream()
                .filter(line -> line.startsWith("data: ") && line.contains("\"text\""))
                .map(line -> io.athanor.codec.Json.read(
                                line.substring(6), com.fasterxml.jackson.databind.JsonNode.class)
                        .path("text")
                        .asText())
                .collect(Collectors.joining());
        assertThat(all).isEqualTo("grün\nblau\n");
        assertThat(lines).contains("event: end", "data: {\"state\":\"COMPLETED\"}");

        String last = "id: " + lease + "@" + log.length;
        assertThat(lines).contains(last);
        List<String> again = stream(
                "/v1/jobs/" + lease.task().job() + "/logs/stream", token, Map.of("Last-Event-ID", lease + "@" + 6));
        assertThat(again).contains("data: {\"lease\":\"" + lease + "\",\"next\":11,\"offset\":6,\"text\":\"blau\\n\"}");
    }

    private static List<String> stream(String path, String token, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(ApiNode.url() + path)).header("Authorization", "Bearer " + token);
        headers.forEach(request::header);
        HttpResponse<java.io.InputStream> response =
                Client.HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }

    @Test
    void inputsAndOutputsGoByDigestToThoseConcerned() {
        byte[] scene = utf8("sphere " + Samples.uuid());
        byte[] tile = utf8("pixels " + Samples.uuid());
        Secp256k1.KeyPair client = Samples.funded(20);
        String token = Samples.signIn(client);
        assertThat(Client.send("PUT", "/v1/blobs/" + Sha256.of(scene), tile, Client.bearer(token))
                        .code())
                .isEqualTo("MALFORMED");
        assertThat(Client.send("PUT", "/v1/blobs/" + Sha256.of(scene), scene, Client.bearer(token))
                        .status())
                .isEqualTo(200);
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, client, Samples.withInput(Samples.spec(1), "scene.txt", scene));
        assertThat(agent.send("GET", "/agent/v1/blobs/" + Sha256.of(scene), new byte[0])
                        .body())
                .isEqualTo(scene);
        TestAgent other = TestAgent.online(1);
        String foreign = "/agent/v1/blobs/" + Sha256.of(scene);
        assertThat(other.send("GET", foreign, new byte[0]).code()).isEqualTo("UNAVAILABLE");
        ApiNode.CLOCK.shift.set(Duration.ofSeconds(31));
        try {
            assertThat(other.send("GET", foreign, new byte[0]).code()).isEqualTo("NOT_ALLOWED");
        } finally {
            ApiNode.CLOCK.shift.set(Duration.ZERO);
        }

        assertThat(agent.send("PUT", "/agent/v1/blobs/" + Sha256.of(tile), tile).status())
                .isEqualTo(200);
        agent.sync(
                new Started(lease, "c1", Instant.now()),
                new Ended(lease, agent.receipt(lease, Ending.COMPLETED, Map.of("a/tile.ppm", tile))));
        String outputs = "/v1/jobs/" + lease.task().job() + "/outputs";
        Client.Answer list = Client.send("GET", outputs, new byte[0], Client.bearer(token));
        assertThat(list.json().path("items").path(0).path("path").asText()).isEqualTo("a/tile.ppm");
        assertThat(list.json().path("items").path(0).path("stored").asBoolean()).isTrue();
        assertThat(Client.send("GET", outputs + "/0/a/tile.ppm", new byte[0], Client.bearer(token))
                        .body())
                .isEqualTo(tile);
        assertThat(Client.send("GET", outputs + "/0/a/other", new byte[0], Client.bearer(token))
                        .code())
                .isEqualTo("NOT_FOUND");
        assertThat(Client.send(
                                "GET",
                                outputs + "/0/a/tile.ppm",
                                new byte[0],
                                Client.bearer(Samples.signIn(Samples.key())))
                        .code())
                .isEqualTo("NOT_ALLOWED");
    }

    @Test
    void theExportIsTheAuditsFormatAndGoesOnWhereItStopped() {
        List<String> all = Client.get("/v1/audit/export").text().lines().toList();
        assertThat(all).isNotEmpty();
        for (String line : all) {
            ExportLine parsed = ExportLine.parse(line);
            assertThat(parsed.text()).isEqualTo(line);
            parsed.event();
        }
        List<String> rest = Client.get("/v1/audit/export?after=1&upTo=" + all.size())
                .text()
                .lines()
                .toList();
        assertThat(rest).isEqualTo(all.subList(1, all.size()));
        assertThat(Client.get("/v1/audit/export?after=-1").code()).isEqualTo("MALFORMED");
    }
}
