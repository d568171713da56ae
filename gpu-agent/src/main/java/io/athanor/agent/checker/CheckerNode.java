package io.athanor.agent.checker;

import io.athanor.agent.run.Backoff;
import io.athanor.agent.server.RequestSigner;
import io.athanor.agent.server.ServerClock;
import io.athanor.agent.server.SignedHttp;
import io.athanor.agent.server.StagedUpgrade;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.Duties;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checker's node: asks for its duties, works on each round on a thread of its own, and signs batches,
 * roots of withdrawals and signer sets one after the other.
 * Holds no state that its files and the network do not have.
 */
public final class CheckerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckerNode.class);

    /** The server answers at once while something is open; asking more often than this gains nothing. */
    private static final Duration PACE = Duration.ofMillis(300);

    /** A round's work that failed is not begun again before this. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final CheckerSettings settings;
    private final Secp256k1.KeyPair attester;
    private final ServerClock clock = new ServerClock();
    private final SignedHttp http;
    private final ProbeDoor door;
    private final RoundFiles files;
    private final Map<RoundId, Thread> rounds = new ConcurrentHashMap<>();
    /** What is done, until its windows are over. */
    private final Map<RoundId, Instant> done = new ConcurrentHashMap<>();
    /** The newest round that this node was told of; none where one has to be told again. */
    private final AtomicLong newest = new AtomicLong();

    private CheckerNode(CheckerSettings settings, Secp256k1.KeyPair attester) throws IOException {
        this.settings = settings;
        this.attester = attester;
        http = new SignedHttp(settings.server(), RequestSigner.attester(attester), clock);
        door = new ProbeDoor(settings.listen());
        files = new RoundFiles(settings.data().resolve("rounds"));
    }

    /** Reads the key and takes the door; does nothing yet. */
    public static CheckerNode open(CheckerSettings settings) throws IOException {
        Files.createDirectories(settings.data());
        return new CheckerNode(settings, Secp256k1.keyPair(KeyFiles.read(settings.attesterKey())));
    }

    /** The port at which machines dial in. */
    public int port() {
        return door.port();
    }

    /** Works until it is interrupted. */
    public void run() throws InterruptedException {
        door.start();
        NetworkTerms terms = terms();
        RoundWork work = new RoundWork(settings.wallet(), attester, http, terms, door, files, clock);
        StagedUpgrade upgrade = new StagedUpgrade(
                settings.data(), "/checker/v1/readiness", http, artifact -> signReady(artifact, terms));
        Cosigner signer = new Cosigner(http, attester, terms);
        LOG.info("checker {} with attester {} is ready", settings.wallet(), attester.address());
        Backoff backoff = new Backoff();
        while (true) {
            try {
                long after = newest.get();
                Duties duties = http.get("/checker/v1/duties?after=" + after, Duties.class);
                clock.heard(duties.serverTime());
                done.values().removeIf(until -> until.isBefore(duties.serverTime()));
                duties.rounds().forEach(duty -> begin(work, duty));
                newest.compareAndSet(after, duties.newest());
                upgrade.report();
                for (CosignDuty duty : duties.cosign()) {
                    signer.sign(duty);
                }
                backoff.reset();
                Thread.sleep(PACE);
            } catch (IOException away) {
                LOG.warn("no duties: {}", away.toString());
                backoff.pause();
            }
        }
    }

    private String signReady(Sha256 artifact, NetworkTerms terms) {
        Hash32 struct = TypedEconomy.reportReadiness(settings.wallet(), artifact);
        return Hex.encode(Secp256k1.sign(attester, terms.domain().digest(struct)));
    }

    private NetworkTerms terms() throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return http.get("/v1/parameters", NetworkTerms.class);
            } catch (IOException away) {
                LOG.warn("the network's parameters cannot be had: {}", away.toString());
                backoff.pause();
            }
        }
    }

    private void begin(RoundWork work, RoundDuty duty) {
        RoundId round = duty.round().round();
        boolean over = clock.instant().isAfter(duty.round().revealUntil());
        if (duty.revealed() || over || done.containsKey(round)) {
            return;
        }
        rounds.computeIfAbsent(
                round, _ -> Thread.ofVirtual().name("round-" + round).start(() -> perform(work, duty)));
    }

    private void perform(RoundWork work, RoundDuty duty) {
        RoundId round = duty.round().round();
        boolean again = false;
        try {
            work.perform(duty);
            done.put(round, duty.round().revealUntil());
        } catch (IOException | RuntimeException failed) {
            LOG.error("{} failed: {}", round, failed.getMessage());
            again = true;
            pauseBeforeNextTry();
        } catch (InterruptedException stopping) {
            LOG.info("{} is left for the next run of this node", round);
        } finally {
            rounds.remove(round);
        }
        if (again) {
            newest.set(0);
        }
    }

    private static void pauseBeforeNextTry() {
        try {
            Thread.sleep(AGAIN);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        rounds.values().forEach(Thread::interrupt);
        door.close();
        http.close();
    }
}
