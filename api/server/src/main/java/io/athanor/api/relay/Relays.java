package io.athanor.api.relay;

import io.athanor.api.web.Ticker;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The streams that this process relays, in memory alone: a restart ends them. Behind a load balancer the client's requests
 * belong on the node that has the machine's session.
 *
 * <p>Invariant: so many streams a lease, a wallet and in all; what is over is forgotten within some seconds.
 */
@Component
final class Relays implements SmartLifecycle {
    private static final String SETTING = "athanor.streams.per-wallet";
    private static final int PER_WALLET = 64;
    private static final Duration TICK = Duration.ofSeconds(1);
    static final int AT_ONCE = 1_024;
    static final int PER_LEASE = 16;
    private static final int TOKEN_BYTES = 32;
    private static final int ID_BYTES = 12;

    private final Map<String, Relay> open = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final int perWallet;
    private final Ticker ticker = new Ticker("relays", TICK, this::sweep);

    @Autowired
    Relays(InstantSource clock, Environment environment) {
        this(clock, environment.getProperty(SETTING, Integer.class, PER_WALLET));
    }

    Relays(InstantSource clock, int perWallet) {
        this.clock = clock;
        this.perWallet = perWallet;
    }

    /** @param token whoever has it has the stream; it is kept nowhere */
    record Granted(Relay relay, String token) {}

    /** A stream of this wallet to its lease's container. Error: {@link Refused} LIMIT_REACHED. */
    synchronized Granted grant(Wallet client, LeaseId lease, MachineId machine) {
        sweep();
        requireRoom(client, lease);
        String token = text(TOKEN_BYTES);
        Relay relay = new Relay(text(ID_BYTES), client, lease, machine, digest(token), clock.instant());
        open.put(relay.id, relay);
        return new Granted(relay, token);
    }

    private void requireRoom(Wallet client, LeaseId lease) {
        String next = "End a stream and read its end, or wait: one that is not used is forgotten.";
        long ofLease = count(relay -> relay.lease.equals(lease) && relay.ended() == null);
        if (ofLease >= PER_LEASE) {
            throw new Refused(Reason.LIMIT_REACHED, "at most " + PER_LEASE + " streams reach one container", next);
        }
        if (count(relay -> relay.client.equals(client) && relay.isOpen()) >= perWallet) {
            throw new Refused(
                    Reason.LIMIT_REACHED, client + " may have " + perWallet + " streams (" + SETTING + ")", next);
        }
        if (open.size() >= AT_ONCE) {
            throw new Refused(Reason.LIMIT_REACHED, "at most " + AT_ONCE + " streams are open here", next);
        }
    }

    private long count(Predicate<Relay> which) {
        return open.values().stream().filter(which).count();
    }

    /** How many are kept. */
    int kept() {
        return open.size();
    }

    void sweep() {
        Instant now = clock.instant();
        for (Iterator<Relay> all = open.values().iterator(); all.hasNext(); ) {
            Relay relay = all.next();
            if (relay.isOver(now)) {
                relay.end(new StreamEnded(null, "nothing moved for long"));
                all.remove();
            }
        }
    }

    /** The client's stream. Error: {@link Refused} NOT_FOUND, NOT_ALLOWED or SIGNATURE_EXPIRED. */
    Relay ofClient(String id, String token) {
        Relay relay = find(id);
        boolean its = MessageDigest.isEqual(
                digest(token).getBytes(StandardCharsets.US_ASCII),
                relay.tokenDigest.getBytes(StandardCharsets.US_ASCII));
        Refused.unless(its, Reason.NOT_ALLOWED, "the token is not of stream " + id);
        Instant now = clock.instant();
        if (relay.isOver(now)) {
            relay.end(new StreamEnded(null, "the grant has expired"));
            throw new Refused(
                    Reason.SIGNATURE_EXPIRED,
                    "the grant of stream " + id + " has expired",
                    "Ask for a new stream; a grant is used within " + Relay.GRANT.toSeconds() + " s.");
        }
        relay.use(now);
        return relay;
    }

    /** The machine's end of a stream. Error: {@link Refused} NOT_FOUND or NOT_ALLOWED. */
    Relay ofMachine(String id, MachineId machine) {
        Relay relay = find(id);
        Refused.unless(relay.machine.equals(machine), Reason.NOT_ALLOWED, "stream " + id + " is not of this machine");
        Refused.unless(!relay.isOver(clock.instant()), Reason.NOT_FOUND, "stream " + id + " is over");
        return relay;
    }

    private Relay find(String id) {
        Relay relay = open.get(id);
        if (relay == null) {
            throw new Refused(Reason.NOT_FOUND, "there is no stream " + id);
        }
        return relay;
    }

    /** The client has the end: kept some seconds for one that lost the answer, and counted no more. */
    void endRead(Relay relay) {
        relay.endRead(clock.instant());
    }

    /** The machine says how it ended. */
    void ended(Relay relay, StreamEnded end) {
        relay.moved(clock.instant());
        relay.end(end);
    }

    /** Forgets a stream that did not begin. */
    void forget(Relay relay) {
        open.remove(relay.id, relay);
    }

    void moved(Relay relay) {
        relay.moved(clock.instant());
    }

    @Override
    public void start() {
        ticker.start();
    }

    @Override
    public void stop() {
        ticker.stop();
    }

    @Override
    public boolean isRunning() {
        return ticker.isRunning();
    }

    private String text(int bytes) {
        byte[] secret = new byte[bytes];
        random.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    private static String digest(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
