package io.athanor.agent.checker;

import io.athanor.agent.checker.Evidence.Capacity;
import io.athanor.agent.checker.Evidence.Line;
import io.athanor.agent.checker.Evidence.Probe;
import io.athanor.agent.server.SignedHttp;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.attestation.CapacityProof;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.attestation.CapacityWork.Band;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.wire.AgentProtocol.CapacityTest;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import io.athanor.domain.wire.CheckerProtocol.Introduce;
import io.athanor.domain.wire.CheckerProtocol.Introduced;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Probes one machine at secret instants of a round: has it introduced, waits for it to dial in, and checks that its own key
 * signed this round's fresh nonce. The nonce holds the round's block hash, so that no answer can be made in advance.
 */
final class MachineProbes {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    /** Long enough for a card that has a seventh of what it claims. */
    private static final Duration COMPUTES_WITHIN = Duration.ofSeconds(3);

    /** A few hundred KiB a card; the roots bind the machine by then, so that time wins it nothing. */
    private static final Duration OPENS_WITHIN = Duration.ofSeconds(2);

    /** Long enough for 16 MiB each way over a tenth of what a home must have; and never into the commit window. */
    private static final Duration CARRIES_WITHIN = Duration.ofSeconds(20);

    private static final Duration CARRIES_AT_LEAST_WITHIN = Duration.ofMillis(500);

    private static final int NONCE_BYTES = 16;

    private final SignedHttp http;
    private final ProbeDoor door;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    MachineProbes(SignedHttp http, ProbeDoor door, InstantSource clock) {
        this.http = http;
        this.door = door;
        this.clock = clock;
    }

    /** Probes {@code times} times before the round's commit window opens; at least once even when that is late. */
    List<Probe> probe(RoundOpened round, MachineSubject subject, int times) throws InterruptedException {
        List<Probe> probes = new ArrayList<>();
        for (Instant at : instants(round.commitFrom().minus(ANSWER_WITHIN), times)) {
            sleepUntil(at);
            if (probes.isEmpty() || clock.instant().isBefore(round.commitFrom().minus(ANSWER_WITHIN))) {
                probes.add(probe(round, subject));
            }
        }
        return probes;
    }

    private List<Instant> instants(Instant last, int times) {
        Instant now = clock.instant();
        long window = Math.max(1, Duration.between(now, last).toMillis());
        Instant[] instants = new Instant[times];
        Arrays.setAll(instants, _ -> now.plusMillis(random.nextLong(window)));
        Arrays.sort(instants);
        return List.of(instants);
    }

    private void sleepUntil(Instant at) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), at);
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }

    private Probe probe(RoundOpened round, MachineSubject subject) throws InterruptedException {
        String nonce = nonce(round);
        Instant at = clock.instant();
        CompletableFuture<ProbeDoor.Answered> answer = door.expect(nonce, ANSWER_WITHIN);
        boolean introduced = introduce(round, subject, nonce);
        if (!introduced) {
            answer.cancel(false);
            return new Probe(nonce, at, false, null, 0);
        }
        try {
            ProbeDoor.Answered answered = answer.get();
            return isGenuine(answered.answer(), subject, nonce)
                    ? new Probe(nonce, at, true, answered.answer(), answered.rttMicros())
                    : new Probe(nonce, at, true, null, 0);
        } catch (ExecutionException noAnswer) {
            return new Probe(nonce, at, true, null, 0);
        }
    }

    /**
     * Has the machine compute in this checker's turn, so that the members of a committee do not load its GPUs at once; a
     * second time where the first was slow and the commit window is not near. Null where the network could not introduce it.
     */
    @Nullable Capacity measure(
            RoundOpened round, MachineSubject subject, Wallet checker, Inventory inventory, Map<String, Long> modelPpm)
            throws InterruptedException {
        sleepUntil(turn(round, checker));
        Band band = Band.of(inventory);
        long claim = CapacityWork.claimPpm(inventory, modelPpm);
        Capacity first = measure(round, subject, inventory, modelPpm);
        if (first == null || !first.isAnswered() || band.measuredPpm(claim, first.micros()) == claim) {
            return first;
        }
        boolean late = !clock.instant().plusMillis(CapacityWork.NOMINAL_MILLIS).isBefore(round.commitFrom());
        Capacity second = late ? null : measure(round, subject, inventory, modelPpm);
        boolean better = second != null && second.isAnswered() && second.micros() < first.micros();
        return better ? second : first;
    }

    private @Nullable Capacity measure(
            RoundOpened round, MachineSubject subject, Inventory inventory, Map<String, Long> modelPpm)
            throws InterruptedException {
        String nonce = nonce(round);
        Hash32 secret = fresh();
        CapacityTest test =
                new CapacityTest(CapacityWork.of(fresh(), inventory, modelPpm), CapacityProof.commitment(secret));
        CompletableFuture<CapacityDoor.Worked> worked =
                door.expectWork(nonce, test, secret, COMPUTES_WITHIN, OPENS_WITHIN);
        if (!introduce(round, subject, nonce)) {
            worked.cancel(false);
            return null;
        }
        try {
            CapacityDoor.Worked done = worked.get();
            return new Capacity(nonce, test, secret, done.answer(), done.micros(), done.opening(), done.openMicros());
        } catch (ExecutionException noAnswer) {
            return new Capacity(nonce, test, secret, null, 0, null, 0);
        }
    }

    private Hash32 fresh() {
        byte[] bytes = new byte[Hash32.BYTES];
        random.nextBytes(bytes);
        return Hash32.of(bytes);
    }

    /**
     * How much the line between here and the machine carries. Null where the network could not introduce the machine; without
     * an answer where the machine did not finish in time.
     */
    @Nullable Line line(RoundOpened round, MachineSubject subject, int bytes) throws InterruptedException {
        String nonce = nonce(round);
        CompletableFuture<LineDoor.Measured> measured = door.expectLine(nonce, bytes, lineTime(round));
        if (!introduce(round, subject, nonce)) {
            measured.cancel(false);
            return null;
        }
        try {
            LineDoor.Measured line = measured.get();
            return new Line(nonce, bytes, line.upMicros(), line.downMicros(), line.expected(), line.answer());
        } catch (ExecutionException noAnswer) {
            return new Line(nonce, bytes, 0, 0, null, null);
        }
    }

    private Duration lineTime(RoundOpened round) {
        Duration left = Duration.between(clock.instant(), round.commitFrom());
        Duration most = left.compareTo(CARRIES_WITHIN) < 0 ? left : CARRIES_WITHIN;
        return most.compareTo(CARRIES_AT_LEAST_WITHIN) < 0 ? CARRIES_AT_LEAST_WITHIN : most;
    }

    /** Each member has a part of the time before the commit window, in the order of the seats. */
    private static Instant turn(RoundOpened round, Wallet checker) {
        List<Wallet> members = round.committee().stream().map(Seat::checker).toList();
        long each = Math.max(0, Duration.between(round.at(), round.commitFrom()).toMillis()) / members.size();
        return round.at().plusMillis(each * Math.max(0, members.indexOf(checker)));
    }

    private boolean introduce(RoundOpened round, MachineSubject subject, String nonce) throws InterruptedException {
        try {
            return http.post(
                            "/checker/v1/challenges",
                            new Introduce(round.round(), subject.machine(), nonce),
                            Introduced.class)
                    .introduced();
        } catch (IOException networkAway) {
            return false;
        }
    }

    private String nonce(RoundOpened round) {
        byte[] fresh = new byte[NONCE_BYTES];
        random.nextBytes(fresh);
        return round.draw().blockHash().hex().substring(2) + "-"
                + Hex.encode(fresh).substring(2);
    }

    static boolean isGenuine(ProbeAnswer answer, MachineSubject subject, String nonce) {
        return answer.machine().equals(subject.machine())
                && answer.nonce().equals(nonce)
                && signedBy(subject.agentKey(), answer.signed(), answer.signature());
    }

    static boolean signedBy(String agentKey, String signed, String signature) {
        try {
            return Ed25519.verify(
                    Hex.decode(agentKey, Ed25519.KEY_BYTES),
                    signed.getBytes(StandardCharsets.UTF_8),
                    Hex.decode(signature, Ed25519.SIGNATURE_BYTES));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
