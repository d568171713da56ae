package io.athanor.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.athanor.codec.Json;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job's specification in a YAML or JSON file: the fields of {@link JobSpec}, less what has a usual value; amounts may
 * say {@code 10 ATH}, durations {@code 90s}, {@code 10m}, {@code 2h}; inputs may name files beside the specification, and
 * the image may have a tag in place of its digest.
 *
 * @param files inputs that lie here, by digest
 */
public record SpecFile(JobSpec spec, Map<Sha256, Path> files) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final JsonNode DEFAULTS = Json.read(
            "{\"command\":[],\"env\":{},\"tasks\":1,\"cpuMillis\":1000,\"memoryMib\":512,\"inputs\":{},"
                    + "\"network\":\"NONE\",\"regions\":[],"
                    + "\"gpus\":{\"count\":1,\"minMemoryMib\":0,\"allowSimulated\":false}}",
            JsonNode.class);

    /**
     * Reads it; {@code image} is taken in place of the file's where it is given.
     *
     * <p>Error: {@link Failure} naming the file or the field.
     */
    public static SpecFile read(Path file, @Nullable String image) throws IOException {
        ObjectNode root = fields(file);
        if (image != null) {
            root.put("image", image);
        }
        if (root.path("image").isTextual()) {
            root.put("image", ImageDigest.pinned(root.path("image").asText()));
        }
        fill(root, DEFAULTS);
        amount(root, "maxPrice");
        amount(root, "cap");
        duration(root);
        Map<Sha256, Path> files = inputs(root, file);
        try {
            return new SpecFile(Json.readStrict(Json.bytes(root), JobSpec.class), files);
        } catch (Refused refused) {
            throw new Failure(Failure.USAGE, file + ": " + refused.detail());
        }
    }

    private static ObjectNode fields(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new Failure(Failure.USAGE, "there is no file " + file + "\n  Name a job's specification.");
        }
        try {
            if (YAML.readTree(Files.readAllBytes(file)) instanceof ObjectNode root) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new Failure(Failure.USAGE, file + ": " + e.getMessage());
        }
        throw new Failure(Failure.USAGE, file + ": a job specification is a map of fields");
    }

    private static void fill(ObjectNode node, JsonNode defaults) {
        defaults.properties().forEach(entry -> {
            JsonNode given = node.get(entry.getKey());
            if (given == null) {
                node.set(entry.getKey(), entry.getValue().deepCopy());
            } else if (entry.getKey().equals("gpus") && given instanceof ObjectNode gpus) {
                fill(gpus, entry.getValue());
            }
        });
    }

    private static void amount(ObjectNode root, String field) {
        JsonNode given = root.get(field);
        if (given != null && (given.isIntegralNumber() || Amounts.isAth(given.asText()))) {
            root.set(field, TextNode.valueOf(Amounts.parse(given.asText()).toString()));
        }
    }

    private static void duration(ObjectNode root) {
        JsonNode given = root.remove("maxDuration");
        if (given == null) {
            return;
        }
        Matcher duration = DURATION.matcher(given.asText());
        if (!duration.matches()) {
            throw new Failure(Failure.USAGE, "maxDuration: say 500ms, 90s, 10m or 2h, not " + given.asText());
        }
        long unit = switch (duration.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
        root.put("maxDurationMillis", Long.parseLong(duration.group(1)) * unit);
    }

    private static Map<Sha256, Path> inputs(ObjectNode root, Path file) throws IOException {
        Map<Sha256, Path> files = new TreeMap<>();
        if (!(root.get("inputs") instanceof ObjectNode inputs)) {
            return files;
        }
        Iterator<Map.Entry<String, JsonNode>> entries =
                inputs.deepCopy().properties().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            if (entry.getValue().isTextual()) {
                Path local = file.resolveSibling(entry.getValue().asText());
                if (!Files.isRegularFile(local)) {
                    throw new Failure(
                            Failure.USAGE, file + ": inputs." + entry.getKey() + ": there is no file " + local);
                }
                Sha256 digest = FileDigest.of(local);
                files.put(digest, local);
                inputs.set(entry.getKey(), Json.mapper().valueToTree(new JobSpec.Input(digest, Files.size(local))));
            }
        }
        return files;
    }
}
