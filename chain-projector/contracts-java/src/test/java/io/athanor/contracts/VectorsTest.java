package io.athanor.contracts;

import static io.athanor.contracts.Vectors.hash;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.MatchLeaf;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.Lease;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedSettlement;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Java computes leaves, roots, proofs, heads, digests and pool ids as the contracts do, byte for byte. */
class VectorsTest {
    private static final Abi.Layout WITHDRAWAL = Abi.Layout.of("address account", "uint256 cumulative");
    private static final Abi.Layout JOB = Abi.Layout.of(
            "bytes32 jobKey",
            "address client",
            "address provider",
            "uint256 cost",
            "uint256 providerAmount",
            "uint256 fee",
            "bytes32 resultDigest",
            "uint8 verdict",
            "uint64 epoch");

    private final JsonNode vectors = Vectors.settlement();

    @Test
    void leavesOfEachKind() {
        assertThat(vectors.get("samples")).hasSize(15).allSatisfy(sample -> {
            byte[] data = Hex.decode(sample.get("data").asText());
            assertThat(MerkleTree.leafHash(leaf(sample.get("kind").asInt(), data)))
                    .isEqualTo(hash(sample, "leaf"));
        });
    }

    @Test
    void dataIsTheAbiEncodingOfTheFields() {
        JsonNode sample = vectors.get("samples").get(0);
        JsonNode fields = sample.get("fields");
        byte[] data = JOB.encode(
                hash(fields, "jobKey"),
                fields.get("client").asText(),
                fields.get("provider").asText(),
                number(fields, "cost"),
                number(fields, "providerAmount"),
                number(fields, "fee"),
                hash(fields, "resultDigest"),
                number(fields, "verdict"),
                number(fields, "epoch"));
        assertThat(Hex.encode(data)).isEqualTo(sample.get("data").asText());
    }

    /** The leaves that a lease becomes, made of the event alone. */
    @Test
    void aLeaseIsTheSecondAndThirdSample() {
        TaskId task = JobId.parse("0199f0f2-0000-7000-8000-000000000001").task(3);
        Lease lease = new Lease(
                task.lease(2),
                MachineId.parse("0199f0f2-0000-7000-8000-000000000002"),
                Wallet.parse("0x" + "bb".repeat(20)),
                List.of("GPU-1", "GPU-2"),
                Ath.ofWei(2_000_000_000_000L),
                Instant.ofEpochMilli(1_767_225_690_000L),
                new Lease.Agreement(990_000, 30_000, 1),
                true);
        JobAssigned assigned = new JobAssigned(task, lease, Instant.ofEpochMilli(1_767_225_660_000L));
        assertThat(MerkleTree.leafHash(MatchLeaf.match(assigned)))
                .isEqualTo(hash(vectors.get("samples").get(1), "leaf"));
        assertThat(MerkleTree.leafHash(MatchLeaf.agreement(assigned)))
                .isEqualTo(hash(vectors.get("samples").get(2), "leaf"));
    }

    @Test
    void treesAndProofs() {
        assertThat(vectors.get("trees")).hasSize(14).allSatisfy(vector -> {
            int size = vector.get("size").asInt();
            MerkleTree tree = MerkleTree.of(numberedLeaves(size));
            assertThat(tree.root()).isEqualTo(hash(vector, "root"));
            for (int i = 0; i < size; i++) {
                List<Hash32> proof = new ArrayList<>();
                vector.get("proofs").get(i).forEach(node -> proof.add(Hash32.parse(node.asText())));
                assertThat(tree.inclusionProof(i)).isEqualTo(proof);
            }
        });
    }

    @Test
    void headsChain() {
        ChainHead head = ChainHead.GENESIS;
        for (JsonNode vector : vectors.get("heads")) {
            assertThat(head.head()).isEqualTo(hash(vector, "previous"));
            head = head.next(hash(vector, "root"));
            assertThat(head).isEqualTo(new ChainHead(vector.get("seq").asLong(), hash(vector, "head")));
        }
        assertThat(head.seq()).isEqualTo(3);
    }

    @Test
    void cosignedMessages() {
        JsonNode batch = fields(0);
        JsonNode checkpoint = fields(1);
        assertDigest(
                0,
                TypedSettlement.batch(
                        new Batch(
                                batch.get("seq").asLong(),
                                hash(batch, "previous"),
                                hash(batch, "root"),
                                batch.get("count").asInt(),
                                Ath.parse(batch.get("total").asText())),
                        batch.get("epoch").asLong(),
                        batch.get("setVersion").asInt()));
        assertDigest(
                1,
                TypedSettlement.checkpoint(
                        checkpoint.get("size").asLong(),
                        hash(checkpoint, "root"),
                        checkpoint.get("seq").asLong(),
                        checkpoint.get("setVersion").asInt()));
        List<Wallet> signers = new ArrayList<>();
        fields(2).get("signers").forEach(signer -> signers.add(Wallet.parse(signer.asText())));
        assertDigest(
                2,
                TypedSettlement.signerSet(
                        fields(2).get("version").asInt(),
                        signers,
                        fields(2).get("quorum").asInt()));
    }

    @Test
    void withdrawalRoots() {
        JsonNode posting = fields(3);
        assertDigest(
                3,
                TypedSettlement.withdrawalRoot(new TypedSettlement.WithdrawalRoot(
                        Wallet.parse(posting.get("vault").asText()),
                        posting.get("number").asLong(),
                        hash(posting, "root"),
                        posting.get("count").asInt(),
                        Ath.parse(posting.get("total").asText()),
                        posting.get("seq").asLong(),
                        posting.get("epoch").asLong(),
                        posting.get("setVersion").asInt())));
    }

    @Test
    void poolIds() {
        JsonNode provider = vectors.get("pools").get(0);
        JsonNode checker = vectors.get("pools").get(1);
        Wallet operator = Wallet.parse(provider.get("operator").asText());
        assertThat(PoolId.ofProvider(operator).word()).isEqualTo(hash(provider, "pool"));
        assertThat(PoolId.ofChecker(operator).word()).isEqualTo(hash(checker, "pool"));
    }

    private void assertDigest(int message, Hash32 structHash) {
        JsonNode vector = vectors.get("messages").get(message);
        JsonNode domain = vectors.get("domain");
        SigningDomain signing = new SigningDomain(
                domain.get("chainId").asLong(),
                Wallet.parse(domain.get("verifyingContract").asText()));
        assertThat(structHash).isEqualTo(hash(vector, "structHash"));
        assertThat(signing.digest(structHash)).isEqualTo(hash(vector, "digest"));
    }

    private JsonNode fields(int message) {
        return vectors.get("messages").get(message).get("fields");
    }

    private static List<byte[]> numberedLeaves(int size) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(leaf(4, WITHDRAWAL.encode(String.format("0x%040x", i + 1), BigInteger.valueOf(1000 + i))));
        }
        return leaves;
    }

    static byte[] leaf(int kind, byte[] data) {
        byte[] leaf = new byte[data.length + 1];
        leaf[0] = (byte) kind;
        System.arraycopy(data, 0, leaf, 1, data.length);
        return leaf;
    }

    private static BigInteger number(JsonNode fields, String name) {
        return new BigInteger(fields.get(name).asText());
    }
}
