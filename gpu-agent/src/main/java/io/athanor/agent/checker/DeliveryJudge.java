package io.athanor.agent.checker;

import io.athanor.agent.checker.Evidence.Found;
import io.athanor.agent.outputs.Hashes;
import io.athanor.agent.server.ServerRefusal;
import io.athanor.agent.server.SignedHttp;
import io.athanor.agent.server.Trouble;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Billing;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.wire.CheckerProtocol.Deliveries;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges an ended task: its receipt must be the machine's, fit the lease, and every output must lie in the store under the
 * digest that the receipt names, fetched and hashed here.
 */
final class DeliveryJudge {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryJudge.class);

    private final SignedHttp http;

    DeliveryJudge(SignedHttp http) {
        this.http = http;
    }

    /** A round's deliveries as far as one request brings them; what it does not bring is asked for alone. */
    Map<LeaseId, Delivery> of(RoundId round) throws InterruptedException {
        Map<LeaseId, Delivery> found = new HashMap<>();
        try {
            for (Delivery delivery : http.get("/checker/v1/rounds/" + round + "/deliveries", Deliveries.class)
                    .deliveries()) {
                found.put(delivery.lease().id(), delivery);
            }
        } catch (IOException away) {
            LOG.warn("{}: its deliveries are asked for one by one: {}", round, Trouble.text(away));
        }
        return found;
    }

    /**
     * The finding; an {@link IOException} says that nothing can be said now.
     *
     * @param known the delivery where it was fetched with its round's
     */
    Found judge(DeliverySubject subject, @Nullable Delivery known) throws IOException, InterruptedException {
        Delivery delivery;
        try {
            delivery = known == null ? http.get("/checker/v1/deliveries/" + subject.lease(), Delivery.class) : known;
        } catch (ServerRefusal refusal) {
            if (refusal.isFinal()) {
                return found(
                        subject, Fact.NOT_DELIVERED, Hash32.ZERO, 0, List.of(String.valueOf(refusal.getMessage())));
            }
            throw refusal;
        }
        List<String> doubts = doubts(subject, delivery);
        Receipt receipt = delivery.receipt();
        if (doubts.isEmpty()) {
            doubts = missingOutputs(receipt);
        }
        Fact fact = doubts.isEmpty() ? factOf(receipt.ending()) : Fact.NOT_DELIVERED;
        Hash32 digest = fact == Fact.DELIVERED ? SlaVerdict.resultDigest(receipt) : Hash32.ZERO;
        return found(subject, fact, digest, fact == Fact.NOT_DELIVERED ? 0 : billableMillis(delivery), doubts);
    }

    private static Fact factOf(Ending ending) {
        return switch (ending.cause()) {
            case NONE -> Fact.DELIVERED;
            case CLIENT -> Fact.ENDED_BY_CLIENT;
            case PROVIDER, NETWORK -> Fact.NOT_DELIVERED;
        };
    }

    /** What of the receipt does not hold together. */
    static List<String> doubts(DeliverySubject subject, Delivery delivery) {
        List<String> doubts = new ArrayList<>();
        Receipt receipt = delivery.receipt();
        if (!receipt.lease().equals(subject.lease()) || !delivery.lease().id().equals(subject.lease())) {
            doubts.add("the receipt is of another lease");
        }
        if (!delivery.lease().machine().equals(subject.machine())) {
            doubts.add("the lease is of another machine");
        }
        if (!receipt.image().equals(delivery.spec().image())) {
            doubts.add("the receipt names another image than was ordered");
        }
        if (!isSigned(receipt, subject.agentKey())) {
            doubts.add("the receipt is not signed by the machine's key");
        }
        return doubts;
    }

    private static boolean isSigned(Receipt receipt, String agentKey) {
        try {
            return Ed25519.verify(
                    Hex.decode(agentKey, Ed25519.KEY_BYTES),
                    Json.canonical(receipt.unsigned()),
                    Hex.decode(receipt.signature(), Ed25519.SIGNATURE_BYTES));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private List<String> missingOutputs(Receipt receipt) throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        for (Receipt.Output output : receipt.outputs()) {
            Sha256 stored = digestOfStored(output.sha256());
            if (stored == null) {
                missing.add("the output " + output.path() + " is not stored");
            } else if (!stored.equals(output.sha256())) {
                missing.add("the output " + output.path() + " is stored as " + stored);
            }
        }
        return missing;
    }

    /** Null where it is not stored. Another refusal says nothing about the delivery: an {@link IOException}. */
    private @Nullable Sha256 digestOfStored(Sha256 digest) throws IOException, InterruptedException {
        try (InputStream in = http.getStream("/checker/v1/blobs/" + digest)) {
            MessageDigest sha256 = Hashes.sha256();
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
            return Sha256.ofDigest(sha256.digest());
        } catch (ServerRefusal refusal) {
            if (refusal.is(Reason.NOT_FOUND)) {
                return null;
            }
            throw refusal;
        }
    }

    /** The least of the agent's run time and what the network's own clock allows. */
    static long billableMillis(Delivery delivery) {
        long longest = Billing.longestRunMillis(delivery.lease(), delivery.startedAt(), delivery.endedAt());
        return Math.clamp(delivery.receipt().runMillis(), 0, longest);
    }

    private static Found found(DeliverySubject subject, Fact fact, Hash32 digest, long measure, List<String> notes) {
        return new Found(
                new Finding(subject.key(), fact, digest, measure, 0),
                new Evidence.Subject(subject.key(), fact, List.of(), notes));
    }
}
