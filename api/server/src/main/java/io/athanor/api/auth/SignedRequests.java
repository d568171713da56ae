package io.athanor.api.auth;

import io.athanor.api.web.Problems;
import io.athanor.crypto.RequestSignature;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Digests;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.port.Contact;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Checks the signature around every request of the agent and checker protocols: signer known, signature right, clock
 * within the skew, nonce new; in that order, so that only proven senders are remembered or count as heard of.
 *
 * <p>Enrolment has no known key yet: its body brings one, and its controller checks it. Files are not buffered: their
 * digest is in the path, is what was signed, and is checked by the store.
 */
final class SignedRequests extends OncePerRequestFilter {
    private static final String ENROLL = "/agent/v1/enroll";
    private static final String AGENT = "/agent/v1/";
    private static final String CHECKER = "/checker/v1/";
    private static final Pattern FILE =
            Pattern.compile("/(?:agent/v1/blobs|checker/v1/evidence)/sha256:([0-9a-f]{64})");
    private static final int MAX_BODY_BYTES = Math.max(Limits.JSON_BODY_BYTES, Limits.LOG_CHUNK_BYTES);

    private final SenderKeys keys;
    private final Contact contact;
    private final InstantSource clock;
    private final SeenNonces nonces = new SeenNonces();

    SignedRequests(SenderKeys keys, Contact contact, InstantSource clock) {
        this.keys = keys;
        this.contact = contact;
        this.clock = clock;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return !path.startsWith(AGENT) && !path.startsWith(CHECKER);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Instant now = clock.instant();
        response.setHeader(RequestSignature.TIME_HEADER, Long.toString(now.toEpochMilli()));
        HttpServletRequest verified;
        try {
            verified = verify(request, now);
        } catch (Refused refused) {
            Problems.write(response, refused);
            return;
        }
        chain.doFilter(verified, response);
    }

    private HttpServletRequest verify(HttpServletRequest request, Instant now) throws IOException {
        Matcher file = FILE.matcher(request.getRequestURI());
        boolean streamed = request.getMethod().equals("PUT") && file.matches();
        byte[] body = streamed ? new byte[0] : body(request);
        Envelope envelope = Envelope.of(request, streamed ? "0x" + file.group(1) : Hex.encode(Digests.sha256(body)));
        envelope.keepIn(request);
        Optional<Caller> sender = request.getRequestURI().equals(ENROLL) ? Optional.empty() : sender(request, envelope);
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
        sender.ifPresent(Caller::enter);
        return streamed ? request : new BufferedBody(request, body);
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        Refused.unless(
                body.length <= MAX_BODY_BYTES, Reason.TOO_LARGE, "a body has at most " + MAX_BODY_BYTES + " bytes");
        return body;
    }

    private Optional<Caller> sender(HttpServletRequest request, Envelope envelope) {
        return Optional.of(request.getRequestURI().startsWith(AGENT) ? machine(envelope) : checker(envelope));
    }

    private Caller machine(Envelope envelope) {
        Caller.Machine machine = known(envelope.device(), MachineId::parse, keys::machine, "machine");
        envelope.requireDevice(machine.agentKey());
        return machine;
    }

    private Caller checker(Envelope envelope) {
        Caller.Checker checker = known(envelope.device(), Wallet::parse, keys::checker, "checker with attester");
        envelope.requireAttester(checker.attester());
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
