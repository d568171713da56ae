package io.athanor.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Eip712;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The vectors that the Solidity contracts are tested with, recomputed by the domain's encoding, tree and digests. */
class ContractVectorsTest {
    private static final Path VECTORS = Path.of("../../chain-projector/contracts/vectors/settlement.json");
    private static final byte WITHDRAWAL = 4;
    private static final Abi.Layout WITHDRAWAL_LAYOUT = Abi.Layout.of("address account", "uint256 cumulative");
    private static final Abi.Layout JOB_LAYOUT = Abi.Layout.of(
            "bytes32 jobKey",
            "address client",
            "address provider",
            "uint256 cost",
            "uint256 providerAmount",
            "uint256 fee",
            "bytes32 resultDigest",
            "uint8 verdict",
            "uint64 epoch");

    private JsonNode vectors;

    @BeforeEach
    void read() throws IOException {
        vectors = new ObjectMapper().readTree(VECTORS.toFile());
    }

    @Test
    void theLeafOfASettledJob() {
        JsonNode sample = vectors.get("samples").get(0);
        JsonNode fields = sample.get("fields");
        byte[] data = JOB_LAYOUT.encode(
                new Hash32(fields.get("jobKey").asText()),
                fields.get("client").asText(),
                fields.get("provider").asText(),
                new BigInteger(fields.get("cost").asText()),
                new BigInteger(fields.get("providerAmount").asText()),
                new BigInteger(fields.get("fee").asText()),
                new Hash32(fields.get("resultDigest").asText()),
                fields.get("verdict").asInt(),
                fields.get("epoch").asLong());
        assertThat(Hex.encode(data)).isEqualTo(sample.get("data").asText());
        byte[] leaf = ofKind((byte) sample.get("kind").asInt(), data);
        assertThat(MerkleTree.leafHash(leaf).hex()).isEqualTo(sample.get("leaf").asText());
    }

    @Test
    void everyTreeAndEveryProof() {
        assertThat(vectors.get("trees").size()).isGreaterThan(5);
        for (JsonNode expected : vectors.get("trees")) {
            MerkleTree tree = withdrawals(expected.get("size").asInt());
            assertThat(tree.root().hex()).isEqualTo(expected.get("root").asText());
            assertThat(expected.get("proofs").size()).isEqualTo(tree.size());
            for (int index = 0; index < tree.size(); index++) {
                List<String> proof = new ArrayList<>();
                expected.get("proofs").get(index).forEach(hash -> proof.add(hash.asText()));
                assertThat(tree.inclusionProof(index)).map(Hash32::hex).isEqualTo(proof);
            }
        }
    }

    @Test
    void everySignedMessage() {
        JsonNode domain = vectors.get("domain");
        Eip712.Domain ours = Eip712.Domain.of(
                domain.get("name").asText(),
                domain.get("version").asText(),
                domain.get("chainId").asLong(),
                domain.get("verifyingContract").asText());
        assertThat(ours.separator().hex()).isEqualTo(domain.get("separator").asText());
        assertThat(vectors.get("messages").size()).isGreaterThan(2);
        for (JsonNode message : vectors.get("messages")) {
            Hash32 structHash = structHash(message);
            assertThat(structHash.hex()).isEqualTo(message.get("structHash").asText());
            assertThat(Eip712.digest(ours, structHash).hex())
                    .isEqualTo(message.get("digest").asText());
        }
    }

    /** From the message's own type string, such as {@code Batch(uint64 seq,bytes32 root)}. */
    private static Hash32 structHash(JsonNode message) {
        String encoded = message.get("type").asText();
        String members = encoded.substring(encoded.indexOf('(') + 1, encoded.length() - 1);
        List<Eip712.Field> fields = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        for (String member : members.split(",", -1)) {
            String[] typeAndName = member.split(" ", 2);
            fields.add(Eip712.field(typeAndName[1], typeAndName[0]));
            values.put(
                    typeAndName[1], value(typeAndName[0], message.get("fields").get(typeAndName[1])));
        }
        Eip712.Type type = Eip712.Type.of(message.get("primaryType").asText(), fields.toArray(Eip712.Field[]::new));
        assertThat(type.encodedType()).isEqualTo(encoded);
        return type.hashStruct(values);
    }

    private static Object value(String type, JsonNode node) {
        if (type.endsWith("[]")) {
            List<Object> list = new ArrayList<>();
            node.forEach(element -> list.add(value(type.substring(0, type.length() - 2), element)));
            return list;
        }
        return switch (type) {
            case "bytes32" -> new Hash32(node.asText());
            case "address" -> node.asText();
            default -> new BigInteger(node.asText());
        };
    }

    private static MerkleTree withdrawals(int size) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            byte[] account = new byte[20];
            account[19] = (byte) (i + 1);
            leaves.add(ofKind(WITHDRAWAL, WITHDRAWAL_LAYOUT.encode(account, 1000 + i)));
        }
        return MerkleTree.of(leaves);
    }

    private static byte[] ofKind(byte kind, byte[] data) {
        byte[] leaf = new byte[1 + data.length];
        leaf[0] = kind;
        System.arraycopy(data, 0, leaf, 1, data.length);
        return leaf;
    }
}
