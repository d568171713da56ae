package io.athanor.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.athanor.agent.outputs.Hashes;
import io.athanor.codec.Json;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.JobSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job file as people write it: an input may be a file beside it, and the image may be named elsewhere.
 *
 * @param inputs path under {@code /in} → file, of the inputs that are files beside it
 */
record JobFile(JobSpec spec, Map<String, Path> inputs) {

    /**
     * @param image used in place of the file's, or null
     * @throws IllegalArgumentException where the file is no job, or its image is not named by its digest
     */
    static JobFile read(Path file, @Nullable String image) throws IOException {
        if (!(Json.mapper().readTree(file.toFile()) instanceof ObjectNode job)) {
            throw new IllegalArgumentException(file + " is no job: it holds no JSON object");
        }
        if (image != null) {
            job.put("image", image);
        }
        if (!job.path("image").asText().contains("@sha256:")) {
            throw new IllegalArgumentException("the image " + job.path("image").asText()
                    + " is not named by its digest; say it with --image REPOSITORY@sha256:DIGEST,"
                    + " as 'docker images --digests' prints it");
        }
        Map<String, Path> beside = new LinkedHashMap<>();
        if (job.path("inputs") instanceof ObjectNode inputs) {
            for (Map.Entry<String, JsonNode> input : inputs.properties()) {
                if (input.getValue().isTextual()) {
                    Path found = file.toAbsolutePath()
                            .resolveSibling(input.getValue().asText());
                    input.setValue(Json.mapper().valueToTree(named(found)));
                    beside.put(input.getKey(), found);
                }
            }
        }
        return new JobFile(Json.readStrict(Json.bytes(job), JobSpec.class), beside);
    }

    private static JobSpec.Input named(Path file) throws IOException {
        MessageDigest sha256 = Hashes.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            long bytes = in.transferTo(OutputStream.nullOutputStream());
            return new JobSpec.Input(Sha256.ofDigest(sha256.digest()), bytes);
        }
    }
}
