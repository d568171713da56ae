package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The published OpenAPI description is the one the doors serve. */
@Tag("postgres")
class OpenApiTest {
    private static final Path PUBLISHED = Path.of("../../docs/api/openapi.json");
    private static final ObjectMapper PRETTY = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** As served, without the address of this run, in a fixed order. */
    private static String served() throws IOException {
        Client.Answer answer = Client.get("/v3/api-docs");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        ObjectNode tree = (ObjectNode) PRETTY.readTree(answer.body());
        tree.remove("servers");
        return PRETTY.writeValueAsString(PRETTY.convertValue(tree, java.util.TreeMap.class)) + "\n";
    }

    @Test
    void theCommittedDescriptionIsTheServedOne() throws IOException {
        String served = served();
        Path fresh = Path.of("target/openapi.json");
        Files.writeString(fresh, served);
        assertThat(PUBLISHED)
                .as("a door changed: cp api/server/target/openapi.json docs/api/openapi.json")
                .content()
                .isEqualTo(served);
    }

    @Test
    void itDescribesWhatPeopleSend() throws IOException {
        JsonNode api = PRETTY.readTree(served());
        assertThat(api.path("openapi").asText()).startsWith("3.1");
        assertThat(api.path("paths").has("/v1/jobs/{id}/timeline")).isTrue();
        assertThat(api.path("components")
                        .path("schemas")
                        .path("JobSpec")
                        .path("properties")
                        .path("cap")
                        .path("type")
                        .asText())
                .isEqualTo("string");
    }
}
