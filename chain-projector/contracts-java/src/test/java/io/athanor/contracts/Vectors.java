package io.athanor.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.hash.Hash32;
import java.io.IOException;
import java.io.InputStream;

/** The test vectors that the contracts are checked with, too. */
final class Vectors {
    private Vectors() {}

    static JsonNode settlement() {
        return read("/vectors/settlement.json");
    }

    static JsonNode gas() {
        return read("/gas/Contracts.json");
    }

    static Hash32 hash(JsonNode node, String field) {
        return Hash32.parse(node.get(field).asText());
    }

    private static JsonNode read(String name) {
        try (InputStream json = Vectors.class.getResourceAsStream(name)) {
            if (json == null) {
                throw new IllegalStateException(name + " is not among the test resources");
            }
            return Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
    }
}
