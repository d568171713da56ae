package io.athanor.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.Keccak256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a contract answered when it refused: {@code WrongSequence(expected=2, given=3)} instead of hex. Knows every
 * custom error in the committed ABI. Arguments are read a word each; one of dynamic size shows as its first word.
 */
public final class ContractErrors {
    private static final int SELECTOR_CHARS = 10;
    private static final int WORD_BYTES = 32;
    private static final int ADDRESS_OFFSET = 12;
    private static final Map<String, JsonNode> BY_SELECTOR = bySelector();

    private ContractErrors() {}

    /** The error and its arguments, or the data itself where it is none of ours. */
    public static String describe(@Nullable String data) {
        if (data == null || data.length() < SELECTOR_CHARS) {
            return "reverted without a reason";
        }
        JsonNode error = BY_SELECTOR.get(data.substring(0, SELECTOR_CHARS));
        return error == null ? "reverted with " + data : name(error) + "(" + arguments(error, data) + ")";
    }

    private static String arguments(JsonNode error, String data) {
        byte[] words = Hex.decode("0x" + data.substring(SELECTOR_CHARS));
        List<String> arguments = new ArrayList<>();
        for (JsonNode input : error.get("inputs")) {
            int from = arguments.size() * WORD_BYTES;
            if (from + WORD_BYTES > words.length) {
                break;
            }
            byte[] word = Arrays.copyOfRange(words, from, from + WORD_BYTES);
            arguments.add(name(input) + "=" + value(input.get("type").asText(), word));
        }
        return String.join(", ", arguments);
    }

    private static String value(String type, byte[] word) {
        if (type.startsWith("uint")) {
            return new BigInteger(1, word).toString();
        }
        return type.equals("address")
                ? Wallet.parse(Hex.encode(Arrays.copyOfRange(word, ADDRESS_OFFSET, WORD_BYTES)))
                        .toString()
                : Hex.encode(word);
    }

    private static Map<String, JsonNode> bySelector() {
        Map<String, JsonNode> errors = new HashMap<>();
        for (String contract : Contracts.ALL) {
            for (JsonNode entry : Contracts.artifact(contract).abi()) {
                if (entry.get("type").asText().equals("error")) {
                    errors.put(selector(entry), entry);
                }
            }
        }
        return Map.copyOf(errors);
    }

    private static String selector(JsonNode error) {
        List<String> types = new ArrayList<>();
        error.get("inputs").forEach(input -> types.add(input.get("type").asText()));
        String signature = name(error) + "(" + String.join(",", types) + ")";
        String hash = Hex.encode(Keccak256.hash(signature.getBytes(StandardCharsets.UTF_8)));
        return hash.substring(0, SELECTOR_CHARS);
    }

    private static String name(JsonNode node) {
        return node.get("name").asText();
    }
}
