package io.athanor.api.auth;

import io.athanor.api.agent.SharedContact;
import io.athanor.crypto.KnownSigners;
import io.athanor.crypto.RequestSignature;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Digests;
import io.athanor.domain.hash.Hex;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/**
 * Checks the signature around a request of the agent and checker protocols: signer known, signature right, clock within
 * the skew, nonce new; in that order, so that only proven senders are remembered or count as heard of.
 *
 * <p>One for all ways into this process: a nonce that was used on one of them is used on all.
 */
@Component
final class RequestProofs {
    static final String ENROLL = "/agent/v1/enroll";
    static final String AGENT = "/agent/v1/";
    static final String CHECKER = "/checker/v1/";
    private static final int ATTESTERS_KEPT = 256;
    private static final int MAX_BODY_BYTES = Math.max(Limits.JSON_BODY_BYTES, Limits.LOG_CHUNK_BYTES);

    private final SenderKeys keys;
    private final SharedContact contact;
    private final InstantSource clock;
    private final SeenNonces nonces = new SeenNonces();
    private final KnownSigners attesters = new KnownSigners(ATTESTERS_KEPT);

    RequestProofs(SenderKeys keys, SharedContact contact, InstantSource clock) {
        this.keys = keys;
        this.contact = contact;
        this.clock = clock;
    }

    /** The server's time, which every answer of these protocols names. */
    Instant stamp(HttpServletResponse response) {
        Instant now = clock.instant();
        response.setHeader(RequestSignature.TIME_HEADER, Long.toString(now.toEpochMilli()));
        return now;
    }

    /** The whole body. Error: {@link Refused} TOO_LARGE. */
    static byte[] body(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        Refused.unless(
                body.length <= MAX_BODY_BYTES, Reason.TOO_LARGE, "a body has at most " + MAX_BODY_BYTES + " bytes");
        return body;
    }

    /** Who sent this body; empty for an enrolment, whose sender is not known yet. Error: {@link Refused}. */
    Optional<Caller> sender(HttpServletRequest request, byte[] body, Instant now) {
        return sender(request, Hex.encode(Digests.sha256(body)), now);
    }

    /** As above, for a body of which only the digest is known. */
    Optional<Caller> sender(HttpServletRequest request, String bodySha256, Instant now) {
        Envelope envelope = Envelope.of(request, bodySha256);
        envelope.keepIn(request);
        Optional<Caller> sender =
                request.getRequestURI().equals(ENROLL) ? Optional.empty() : Optional.of(signer(request, envelope));
        if (!envelope.request().isFresh(now)) {
            sender.ifPresent(caller -> heard(caller, now));
            throw new Refused(
                    Reason.CLOCK_SKEW,
                    "the server's time is " + now + ", the request's "
                            + envelope.request().at());
        }
        Refused.unless(
                sender.isEmpty()
                        || nonces.isFirst(envelope.device(), envelope.request().nonce(), now),
                Reason.SIGNATURE_REPLAYED,
                "the nonce was used before");
        return sender;
    }

    private Caller signer(HttpServletRequest request, Envelope envelope) {
        return request.getRequestURI().startsWith(AGENT) ? machine(envelope) : checker(envelope);
    }

    private Caller machine(Envelope envelope) {
        Caller.Machine machine = known(envelope.device(), MachineId::parse, keys::machine, "machine");
        envelope.requireDevice(machine.agentKey());
        return machine;
    }

    private Caller checker(Envelope envelope) {
        Caller.Checker checker = known(envelope.device(), Wallet::parse, keys::checker, "checker with attester");
        envelope.requireAttester(checker.attester(), attesters);
        return checker;
    }

    private static <I, C> C known(String id, Function<String, I> parse, Function<I, Optional<C>> find, String what) {
        try {
            return find.apply(parse.apply(id))
                    .orElseThrow(() -> new Refused(Reason.NOT_ALLOWED, "no " + what + " " + id));
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.SIGNATURE_INVALID, RequestSignature.DEVICE_HEADER + ": " + e.getMessage());
        }
    }

    /** A machine with a wrong clock is there all the same. */
    private void heard(Caller caller, Instant now) {
        if (caller instanceof Caller.Machine machine) {
            contact.heard(machine.machine(), now);
        }
    }
}
