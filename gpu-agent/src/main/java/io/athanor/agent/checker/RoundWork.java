package io.athanor.agent.checker;

import io.athanor.agent.checker.Evidence.Found;
import io.athanor.agent.checker.RoundFiles.Kept;
import io.athanor.agent.run.Backoff;
import io.athanor.agent.server.ServerRefusal;
import io.athanor.agent.server.SignedHttp;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Commitment;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.protocol.ProtocolParameters.Admission;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.wire.CheckerProtocol.Commit;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import io.athanor.domain.wire.CheckerProtocol.MachineFacts;
import io.athanor.domain.wire.CheckerProtocol.Reveal;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round from looking to revealing: look at every subject, keep report and salt on disk, store the evidence, commit in
 * the commit window, reveal in the reveal window. Continues where an earlier run of this node stopped.
 */
final class RoundWork {
    private static final Logger LOG = LoggerFactory.getLogger(RoundWork.class);

    /** Windows are the server's; a little later than its first instant is surely inside. */
    private static final Duration MARGIN = Duration.ofMillis(50);

    private static final int SALT_BYTES = 32;

    private final Wallet checker;
    private final Secp256k1.KeyPair attester;
    private final SignedHttp http;
    private final NetworkTerms terms;
    private final MachineProbes probes;
    private final DeliveryJudge deliveries;
    private final CaseJudge cases;
    private final RoundFiles files;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    RoundWork(
            Wallet checker,
            Secp256k1.KeyPair attester,
            SignedHttp http,
            NetworkTerms terms,
            ProbeDoor door,
            RoundFiles files,
            InstantSource clock) {
        this.checker = checker;
        this.attester = attester;
        this.http = http;
        this.terms = terms;
        this.probes = new MachineProbes(http, door, clock);
        this.deliveries = new DeliveryJudge(http);
        this.cases = new CaseJudge(http::get, delivery -> deliveries.judge(delivery, null), terms);
        this.files = files;
        this.clock = clock;
    }

    /** Does what is left to do of a round; returns when it is done or its windows are over. */
    void perform(RoundDuty duty) throws InterruptedException, IOException {
        RoundOpened round = duty.round();
        Kept kept = files.find(round.round()).orElse(null);
        if (kept == null) {
            if (duty.committed()) {
                LOG.error("{}: this node committed and has lost its salt; it cannot reveal", round.round());
                return;
            }
            kept = look(round);
            files.keep(kept);
        }
        if (!duty.committed()) {
            sleepUntil(round.commitFrom().plus(MARGIN));
            commit(round, kept);
        }
        sleepUntil(round.commitUntil().plus(MARGIN));
        reveal(round, kept);
        files.forget(round.round());
    }

    private Kept look(RoundOpened round) throws InterruptedException {
        List<Found> found = lookAtAll(round);
        Evidence evidence = new Evidence(
                        round.round(),
                        checker,
                        found.stream().map(Found::evidence).toList())
                .within(Limits.EVIDENCE_BYTES);
        Report report = new Report(
                round.round(),
                checker,
                found.stream().map(Found::finding).toList(),
                Sha256.of(Json.canonical(evidence)));
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new Kept(report, Hash32.of(salt), evidence);
    }

    /** All subjects at once, in the round's order. */
    private List<Found> lookAtAll(RoundOpened round) throws InterruptedException {
        Map<LeaseId, Delivery> known =
                round.round().kind() == RoundId.Kind.DELIVERY ? deliveries.of(round.round()) : Map.of();
        List<Found> found = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Found>> looks = new ArrayList<>();
            for (Subject subject : round.subjects()) {
                looks.add(pool.submit(() -> look(round, subject, known)));
            }
            for (Future<Found> look : looks) {
                found.add(look.get());
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException(
                    "cannot look at " + round.round() + ": " + failed.getCause(), failed.getCause());
        }
        return found;
    }

    private Found look(RoundOpened round, Subject subject, Map<LeaseId, Delivery> known)
            throws InterruptedException, IOException {
        return switch (subject) {
            case DeliverySubject delivery ->
                judge(round, () -> deliveries.judge(delivery, known.get(delivery.lease())));
            case MachineSubject machine -> look(round, machine);
            case CaseSubject penaltyCase -> judge(round, () -> cases.judge(penaltyCase));
        };
    }

    private Found look(RoundOpened round, MachineSubject machine) throws InterruptedException, IOException {
        int times = terms.parameters().liveness().probesPerEpoch();
        if (round.round().kind() == RoundId.Kind.LIVENESS) {
            return MachineJudge.liveness(machine, probes.probe(round, machine, times));
        }
        MachineFacts facts = http.get("/checker/v1/machines/" + machine.machine(), MachineFacts.class);
        Map<String, Long> modelPpm = terms.parameters().reward().modelPpm();
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Evidence.Probe>> seen = beside.submit(() -> probes.probe(round, machine, times));
            Evidence.Capacity capacity = probes.measure(round, machine, checker, facts.inventory(), modelPpm);
            CapacityTests daily = terms.parameters().admission().capacity();
            if (round.round().kind() == RoundId.Kind.CAPACITY && daily != null) {
                return MachineJudge.capacity(machine, seen.get(), facts, modelPpm, capacity, daily);
            }
            Admission.Line rules = terms.parameters().admission().line();
            Evidence.Line line = rules == null ? null : probes.line(round, machine, rules.bytes());
            Found found = MachineJudge.onboarding(machine, seen.get(), facts, modelPpm, capacity);
            return MachineJudge.onboarding(found, machine, line, rules);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("cannot probe " + machine.machine(), failed.getCause());
        }
    }

    /** What looks at stored things. */
    private interface Judging {
        Found judge() throws IOException, InterruptedException;
    }

    /** Tries until the commit window closes; a network that does not answer is nobody's failure to deliver. */
    private Found judge(RoundOpened round, Judging judging) throws InterruptedException, IOException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return judging.judge();
            } catch (IOException away) {
                if (clock.instant().isAfter(round.commitUntil())) {
                    throw away;
                }
                backoff.pause();
            }
        }
    }

    private void commit(RoundOpened round, Kept kept) throws InterruptedException, IOException {
        byte[] evidence = Json.canonical(kept.evidence());
        Hash32 commitment = Commitment.of(round.chainId(), kept.report(), kept.salt());
        Commit commit = new Commit(commitment, sign(TypedCommands.commit(round.round(), checker, commitment)));
        insist(round.commitUntil(), () -> {
            http.putBytes("/checker/v1/evidence/" + kept.report().evidence(), evidence);
            http.postOnly("/checker/v1/rounds/" + round.round() + "/commit", commit);
        });
        LOG.info(
                "{}: committed to {} findings",
                round.round(),
                kept.report().findings().size());
    }

    private void reveal(RoundOpened round, Kept kept) throws InterruptedException, IOException {
        Reveal reveal = new Reveal(kept.report(), kept.salt(), sign(TypedCommands.reportStruct(kept.report())));
        insist(round.revealUntil(), () -> http.postOnly("/checker/v1/rounds/" + round.round() + "/reveal", reveal));
        LOG.info("{}: revealed", round.round());
    }

    private String sign(Hash32 struct) {
        return Hex.encode(Secp256k1.sign(attester, terms.domain().digest(struct)));
    }

    /** Something to send. */
    private interface Sending {
        void send() throws IOException, InterruptedException;
    }

    /** Sends again while the network does not answer and the window is open. */
    private void insist(Instant until, Sending sending) throws IOException, InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                sending.send();
                return;
            } catch (IOException failed) {
                boolean refused = failed instanceof ServerRefusal refusal && refusal.isFinal();
                if (refused || clock.instant().isAfter(until)) {
                    throw failed;
                }
                backoff.pause();
            }
        }
    }

    private void sleepUntil(Instant at) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), at);
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }
}
