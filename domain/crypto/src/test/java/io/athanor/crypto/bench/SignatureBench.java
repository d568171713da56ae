package io.athanor.crypto.bench;

import io.athanor.crypto.Ed25519;
import io.athanor.crypto.KnownSigners;
import io.athanor.crypto.RequestSignature;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.SignatureFault;
import io.athanor.crypto.Wallets;
import io.athanor.domain.hash.Eip712;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import io.athanor.domain.hash.MerkleTree;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/**
 * Verifications a second on one core beside Bouncy Castle's raw primitive in the same run.
 *
 * <p>An attestation is the whole check: typed digest, recovery of the signer, comparison with the expected address.
 */
public final class SignatureBench {
    private static final int CASES = 256;
    private static final int ROUNDS = 7;
    private static final long ROUND_NANOS = 400_000_000L;
    private static final int LEAVES = 10_000;
    private static final Eip712.Domain DOMAIN = Eip712.Domain.of("Athanor", "1", 31337);
    private static final Eip712.Type REPORT = Eip712.Type.of(
            "Report",
            Eip712.field("epoch", "uint64"),
            Eip712.field("shard", "uint32"),
            Eip712.field("checker", "address"),
            Eip712.field("report", "bytes32"));

    /** Processor time, so that what else the machine does is in neither of the two. */
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private static int sink;

    private SignatureBench() {}

    /** One unit of work on case {@code i}; false fails the run. */
    private interface Work {
        boolean run(int i);
    }

    private interface Check {
        Optional<SignatureFault> verify(Hash32 digest, byte[] signature, String address);
    }

    private static final class Attestation {
        private final Map<String, Object> values;
        private final Hash32 digest;
        private final byte[] signature;

        private Attestation(Secp256k1.KeyPair key, Map<String, Object> values) {
            this.values = values;
            this.digest = Eip712.digest(DOMAIN, REPORT.hashStruct(values));
            this.signature = Secp256k1.sign(key, digest);
        }
    }

    public static void main(String[] args) {
        KnownSigners known = new KnownSigners(CASES);
        ratio("attestation, first seen", "ECDSASigner.verifySignature", attestation(Secp256k1::verify), ecdsaFloor());
        ratio("attestation, known key", "ECDSASigner.verifySignature", attestation(known::verify), ecdsaFloor());
        ratio("Ed25519 request", "rfc8032.Ed25519.verify", request(), ed25519Floor());
        ratio("Keccak-256 of 65 bytes", "KeccakDigest", keccak(), keccakFloor());
        merkle();
        System.out.println("sink " + sink);
    }

    /** Rounds alternate, so that a slower spell of the machine meets both; the best round of each counts. */
    private static void ratio(String name, String floorName, Work work, Work floor) {
        double best = 0;
        double bestFloor = 0;
        for (int round = 0; round < ROUNDS; round++) {
            bestFloor = Math.max(bestFloor, perSecond(floor));
            best = Math.max(best, perSecond(work));
        }
        System.out.printf(
                "%-24s %,10.0f/s   floor %s %,10.0f/s   ratio %.2f%n",
                name, best, floorName, bestFloor, best / bestFloor);
    }

    private static double perSecond(Work work) {
        long start = THREAD.getCurrentThreadCpuTime();
        long count = 0;
        while (THREAD.getCurrentThreadCpuTime() - start < ROUND_NANOS) {
            for (int i = 0; i < CASES; i++) {
                if (!work.run(i)) {
                    throw new IllegalStateException("case " + i + " did not verify");
                }
            }
            count += CASES;
        }
        return count * 1e9 / (THREAD.getCurrentThreadCpuTime() - start);
    }

    private static Attestation attest(int i) {
        Secp256k1.KeyPair key = Wallets.devnet(0);
        Map<String, Object> values = Map.of(
                "epoch", i, "shard", i % 8, "checker", key.address(), "report", Hash32.keccak(new byte[] {(byte) i}));
        return new Attestation(key, values);
    }

    private static List<Attestation> attestations() {
        List<Attestation> all = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            all.add(attest(i));
        }
        return all;
    }

    private static Work attestation(Check check) {
        List<Attestation> all = attestations();
        String address = Wallets.devnet(0).address();
        return i -> {
            Attestation one = all.get(i);
            Hash32 digest = Eip712.digest(DOMAIN, REPORT.hashStruct(one.values));
            return check.verify(digest, one.signature, address).isEmpty();
        };
    }

    private static Work ecdsaFloor() {
        List<Attestation> all = attestations();
        var curve = CustomNamedCurves.getByName("secp256k1");
        var key = curve.getCurve().decodePoint(Wallets.devnet(0).compressedPublicKey());
        ECDSASigner signer = new ECDSASigner();
        signer.init(false, new ECPublicKeyParameters(key, new ECDomainParameters(curve)));
        List<byte[]> digests = all.stream().map(one -> one.digest.bytes()).toList();
        List<BigInteger> r =
                all.stream().map(one -> new BigInteger(1, one.signature, 0, 32)).toList();
        List<BigInteger> s = all.stream()
                .map(one -> new BigInteger(1, one.signature, 32, 32))
                .toList();
        return i -> signer.verifySignature(digests.get(i), r.get(i), s.get(i));
    }

    private static List<RequestSignature> requests() {
        List<RequestSignature> all = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            all.add(RequestSignature.of("POST", "/agent/v1/sync", Instant.EPOCH, "n".repeat(16) + i, body(i)));
        }
        return all;
    }

    private static byte[] body(int i) {
        byte[] body = new byte[512];
        new Random(i).nextBytes(body);
        return body;
    }

    private static Work request() {
        Ed25519.KeyPair key = Ed25519.keyPair(new byte[32]);
        byte[] device = key.publicKey();
        List<RequestSignature> all = requests();
        List<byte[]> bodies =
                IntStream.range(0, CASES).mapToObj(SignatureBench::body).toList();
        List<byte[]> signatures = all.stream().map(one -> one.sign(key)).toList();
        return i -> {
            RequestSignature one = all.get(i);
            return RequestSignature.of(one.method(), one.path(), one.at(), one.nonce(), bodies.get(i))
                    .isSignedBy(device, signatures.get(i));
        };
    }

    private static Work ed25519Floor() {
        Ed25519.KeyPair key = Ed25519.keyPair(new byte[32]);
        byte[] device = key.publicKey();
        List<byte[]> messages =
                requests().stream().map(RequestSignature::bytesToSign).toList();
        List<byte[]> signatures =
                messages.stream().map(message -> Ed25519.sign(key, message)).toList();
        return i -> org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
                signatures.get(i), 0, device, 0, messages.get(i), 0, messages.get(i).length);
    }

    private static Work keccak() {
        byte[] node = new byte[65];
        return i -> {
            node[0] = (byte) i;
            sink += Keccak256.hash(node)[0];
            return true;
        };
    }

    private static Work keccakFloor() {
        byte[] node = new byte[65];
        byte[] out = new byte[32];
        KeccakDigest digest = new KeccakDigest(256);
        return i -> {
            node[0] = (byte) i;
            digest.update(node, 0, node.length);
            digest.doFinal(out, 0);
            sink += out[0];
            return true;
        };
    }

    private static void merkle() {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < LEAVES; i++) {
            leaves.add(body(i));
        }
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            sink += MerkleTree.root(leaves).hashCode();
            System.out.printf(
                    "Merkle root of %,d leaves of 512 bytes: %.1f ms%n", LEAVES, (System.nanoTime() - start) / 1e6);
        }
    }
}
