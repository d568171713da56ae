package io.athanor.api.relay;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The streams that this process relays, in memory alone: a restart ends them. Behind a load balancer the client's requests
 * belong on the node that has the machine's session.
 */
@Component
final class Relays {
    static final int AT_ONCE = 1_024;
    static final int PER_LEASE = 16;
    private static final int TOKEN_BYTES = 32;
    private static final int ID_BYTES = 12;

    private final Map<String, Relay> open = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;

    Relays(InstantSource clock) {
        this.clock = clock;
    }

    /** @param token whoever has it has the stream; it is kept nowhere */
    record Granted(Relay relay, String token) {}

    /** A stream to this lease's container. Error: {@link Refused} LIMIT_REACHED. */
    synchronized Granted grant(LeaseId lease, MachineId machine) {
        Instant now = clock.instant();
        sweep(now);
        long ofLease = open.values().stream()
                .filter(relay -> relay.lease.equals(lease) && relay.ended() == null)
                .count();
        Refused.unless(
                ofLease < PER_LEASE, Reason.LIMIT_REACHED, "at most " + PER_LEASE + " streams reach one container");
        Refused.unless(open.size() < AT_ONCE, Reason.LIMIT_REACHED, "at most " + AT_ONCE + " streams are open here");
        String token = text(TOKEN_BYTES);
        Relay relay = new Relay(text(ID_BYTES), lease, machine, digest(token), now);
        open.put(relay.id, relay);
        return new Granted(relay, token);
    }

    private void sweep(Instant now) {
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

    /** Forgets a stream whose end the client has read. */
    void forget(Relay relay) {
        open.remove(relay.id, relay);
    }

    void moved(Relay relay) {
        relay.moved(clock.instant());
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
