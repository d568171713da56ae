package io.athanor.local.bench.peers;

import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Commitment;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.domain.wire.CheckerProtocol.Commit;
import io.athanor.domain.wire.CheckerProtocol.Cosign;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.Duties;
import io.athanor.domain.wire.CheckerProtocol.Reveal;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * One simulated checker with a real attester key: duties, findings, evidence, commitment, reveal, and its signature under
 * batches. Unlike a real checker it signs a batch without replaying the history first, and keeps nothing on disk.
 */
final class SimulatedChecker implements Runnable {
    private static final Duration PACE = Duration.ofMillis(300);
    private static final Duration MARGIN = Duration.ofMillis(50);
    private static final int SALT_BYTES = 32;
    private static final int ROUNDS_AT_ONCE = 2;

    private final Wallet wallet;
    private final Secp256k1.KeyPair attester;
    private final PeerHttp http;
    private final SigningDomain domain;
    private final SimulatedLook look;
    private final Set<RoundId> begun = ConcurrentHashMap.newKeySet();
    private final Semaphore turns = new Semaphore(ROUNDS_AT_ONCE, true);
    private final SecureRandom random = new SecureRandom();
    /** The newest round that it was told of. */
    private long newest;

    SimulatedChecker(
            Wallet wallet, Secp256k1.KeyPair attester, PeerHttp http, SigningDomain domain, SimulatedLook look) {
        this.wallet = wallet;
        this.attester = attester;
        this.http = http;
        this.domain = domain;
        this.look = look;
    }

    private record Evidence(boolean simulated, RoundId round, Wallet checker, List<Finding> findings) {}

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Duties duties = http.get("/checker/v1/duties?after=" + newest, Duties.class);
                newest = duties.newest();
                for (RoundDuty duty : duties.rounds()) {
                    begin(duty);
                }
                for (CosignDuty duty : duties.cosign()) {
                    cosign(duty);
                }
                Thread.sleep(PACE);
            } catch (IOException failed) {
                System.err.println("duties of " + wallet + ": " + failed.getMessage());
                pause();
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PACE);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(RoundDuty duty) {
        RoundOpened round = duty.round();
        if (!duty.committed() && begun.add(round.round())) {
            Thread.ofVirtual().name("round-" + round.round()).start(() -> {
                try {
                    perform(round);
                } catch (IOException failed) {
                    System.err.println(round.round() + " of " + wallet + ": " + failed.getMessage());
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private void perform(RoundOpened round) throws IOException, InterruptedException {
        List<Finding> findings = look(round);
        byte[] evidence = Json.canonical(new Evidence(true, round.round(), wallet, findings));
        Report report = new Report(round.round(), wallet, findings, Sha256.of(evidence));
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Hash32 commitment = Commitment.of(round.chainId(), report, Hash32.of(salt));
        sleepUntil(round.commitFrom());
        http.put("/checker/v1/evidence/" + report.evidence(), evidence);
        http.post(
                "/checker/v1/rounds/" + round.round() + "/commit",
                new Commit(commitment, sign(TypedCommands.commit(round.round(), wallet, commitment))));
        sleepUntil(round.commitUntil());
        http.post(
                "/checker/v1/rounds/" + round.round() + "/reveal",
                new Reveal(report, Hash32.of(salt), sign(TypedCommands.reportStruct(report))));
    }

    /** One round after the other: of rounds that begin together the first then are in time, also where not all can be. */
    private List<Finding> look(RoundOpened round) throws IOException, InterruptedException {
        turns.acquire();
        try {
            return look.at(round);
        } finally {
            turns.release();
        }
    }

    private void cosign(CosignDuty duty) throws IOException, InterruptedException {
        http.post(
                "/checker/v1/cosign/" + duty.kind() + "/" + duty.number(), new Cosign(sign(TypedSettlement.of(duty))));
    }

    private String sign(Hash32 struct) {
        return Hex.encode(Secp256k1.sign(attester, domain.digest(struct)));
    }

    private static void sleepUntil(Instant at) throws InterruptedException {
        Duration left = Duration.between(Instant.now(), at.plus(MARGIN));
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }
}
