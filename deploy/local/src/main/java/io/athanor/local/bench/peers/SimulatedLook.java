package io.athanor.local.bench.peers;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import io.athanor.domain.wire.CheckerProtocol.Deliveries;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import io.athanor.domain.wire.CheckerProtocol.Introduce;
import io.athanor.domain.wire.CheckerProtocol.Introduced;
import io.athanor.domain.wire.CheckerProtocol.MachineFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated checker comes to its findings: it probes a machine once a round and checks the answer's signature, and it
 * fetches a round's deliveries and checks its receipt's signature.
 */
final class SimulatedLook {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final int NONCE_BYTES = 16;
    private static final int REQUESTS_AT_ONCE = 4;

    private final PeerHttp http;
    private final SimulatedDoor door;
    private final Map<String, Long> modelPpm;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore requests = new Semaphore(REQUESTS_AT_ONCE);

    SimulatedLook(PeerHttp http, SimulatedDoor door, Map<String, Long> modelPpm) {
        this.http = http;
        this.door = door;
        this.modelPpm = modelPpm;
    }

    /** All findings of a round, in its order. */
    List<Finding> at(RoundOpened round) throws IOException, InterruptedException {
        boolean delivery = round.round().kind() == RoundId.Kind.DELIVERY;
        return delivery ? deliveries(round) : machines(round);
    }

    private List<Finding> deliveries(RoundOpened round) throws IOException, InterruptedException {
        String path = "/checker/v1/rounds/" + round.round() + "/deliveries";
        Map<LeaseId, Delivery> found = new HashMap<>();
        for (Delivery delivery : http.get(path, Deliveries.class).deliveries()) {
            found.put(delivery.lease().id(), delivery);
        }
        List<Finding> findings = new ArrayList<>();
        for (Subject subject : round.subjects()) {
            if (subject instanceof DeliverySubject delivery) {
                findings.add(delivery(delivery, found.get(delivery.lease())));
            }
        }
        return findings;
    }

    private List<Finding> machines(RoundOpened round) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try (ExecutorService looks = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Finding>> all = new ArrayList<>();
            for (Subject subject : round.subjects()) {
                if (subject instanceof MachineSubject machine) {
                    all.add(looks.submit(() -> limited(round, machine)));
                }
            }
            for (Future<Finding> one : all) {
                findings.add(one.get());
            }
        } catch (ExecutionException failed) {
            throw new IOException("cannot look at " + round.round() + ": " + failed.getCause(), failed);
        }
        return findings;
    }

    private Finding limited(RoundOpened round, MachineSubject machine) throws IOException, InterruptedException {
        requests.acquire();
        try {
            return machine(round, machine);
        } finally {
            requests.release();
        }
    }

    private Finding machine(RoundOpened round, MachineSubject subject) throws IOException, InterruptedException {
        Fact presence = probe(round, subject);
        boolean inspected = presence == Fact.ONLINE && round.round().kind() != RoundId.Kind.LIVENESS;
        if (!inspected) {
            return new Finding(subject.key(), presence, Hash32.ZERO, presence == Fact.ONLINE ? 1 : 0, 1);
        }
        MachineFacts facts = http.get("/checker/v1/machines/" + subject.machine(), MachineFacts.class);
        long capacity = facts.inventory().gpus().stream()
                .mapToLong(gpu -> modelPpm.getOrDefault(gpu.model(), 0L))
                .sum();
        Hash32 hardware = Hash32.keccak(Json.canonical(facts.inventory()));
        return new Finding(subject.key(), Fact.GENUINE, hardware, capacity, 1);
    }

    private Fact probe(RoundOpened round, MachineSubject subject) throws IOException, InterruptedException {
        byte[] fresh = new byte[NONCE_BYTES];
        random.nextBytes(fresh);
        String nonce = Hex.encode(fresh).substring(2);
        CompletableFuture<ProbeAnswer> answer = door.expect(nonce);
        try {
            Introduce introduce = new Introduce(round.round(), subject.machine(), nonce);
            if (!http.post("/checker/v1/challenges", introduce, Introduced.class)
                    .introduced()) {
                return Fact.NETWORK;
            }
            ProbeAnswer given = answer.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            byte[] signed = given.signed().getBytes(StandardCharsets.UTF_8);
            return isSigned(subject.agentKey(), signed, given.signature()) ? Fact.ONLINE : Fact.OFFLINE;
        } catch (TimeoutException silent) {
            return Fact.OFFLINE;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the door only completes answers", impossible);
        } finally {
            door.forget(nonce);
        }
    }

    private static Finding delivery(DeliverySubject subject, @Nullable Delivery delivery) {
        if (delivery == null) {
            return new Finding(subject.key(), Fact.NOT_DELIVERED, Hash32.ZERO, 0, 0);
        }
        Receipt receipt = delivery.receipt();
        boolean good = receipt.lease().equals(subject.lease())
                && receipt.image().equals(delivery.spec().image())
                && isSigned(subject.agentKey(), Json.canonical(receipt.unsigned()), receipt.signature());
        if (!good) {
            return new Finding(subject.key(), Fact.NOT_DELIVERED, Hash32.ZERO, 0, 0);
        }
        long interval =
                Duration.between(delivery.startedAt(), delivery.endedAt()).toMillis();
        long billable = Math.max(0, Math.min(receipt.runMillis(), interval));
        return new Finding(subject.key(), Fact.DELIVERED, SlaVerdict.resultDigest(receipt), billable, 0);
    }

    private static boolean isSigned(String key, byte[] message, String signature) {
        return Ed25519.verify(
                Hex.decode(key, Ed25519.KEY_BYTES), message, Hex.decode(signature, Ed25519.SIGNATURE_BYTES));
    }
}
