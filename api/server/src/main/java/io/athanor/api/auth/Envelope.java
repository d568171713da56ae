package io.athanor.api.auth;

import io.athanor.crypto.KnownSigners;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.RequestSignature;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The signature around one request: who says it sent it, over what.
 *
 * <p>A device signs the bytes of {@link RequestSignature} with Ed25519; an attester signs the same bytes as an EIP-191
 * personal message. Both in the same headers; {@code Athanor-Device} is the machine's id or the attester's address.
 */
public record Envelope(String device, RequestSignature request, String signature) {
    private static final String ATTRIBUTE = Envelope.class.getName();

    /** Reads the headers. Error: {@link Refused} SIGNATURE_INVALID naming the header. */
    static Envelope of(HttpServletRequest request, String bodySha256) {
        String query = request.getQueryString();
        String path = query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
        try {
            Instant at = Instant.ofEpochMilli(Long.parseLong(header(request, RequestSignature.TIME_HEADER)));
            String nonce = header(request, RequestSignature.NONCE_HEADER);
            return new Envelope(
                    header(request, RequestSignature.DEVICE_HEADER),
                    new RequestSignature(request.getMethod(), path, at, nonce, bodySha256),
                    hex(header(request, RequestSignature.SIGNATURE_HEADER)));
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.SIGNATURE_INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** Checked here, so that every later reading of it succeeds. */
    private static String hex(String signature) {
        return Hex.encode(Hex.decode(signature));
    }

    private static String header(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        if (value == null) {
            throw new Refused(Reason.SIGNATURE_INVALID, "the header " + name + " is missing");
        }
        return value;
    }

    /** Error: {@link Refused} SIGNATURE_INVALID unless the device of this public key signed. */
    public void requireDevice(String agentKey) {
        Refused.unless(
                request.isSignedBy(Hex.decode(agentKey), Hex.decode(signature)),
                Reason.SIGNATURE_INVALID,
                "the request is not signed by the device key " + agentKey);
    }

    /** Error: {@link Refused} SIGNATURE_INVALID unless this attester signed. */
    void requireAttester(Wallet attester, KnownSigners known) {
        String text = new String(request.bytesToSign(), StandardCharsets.US_ASCII);
        Refused.unless(
                known.verify(PersonalMessage.digest(text), Hex.decode(signature), attester.address())
                        .isEmpty(),
                Reason.SIGNATURE_INVALID,
                "the request is not signed by the attester " + attester);
    }

    void keepIn(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** The envelope of a request that passed the filter. */
    public static Envelope in(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Envelope envelope) {
            return envelope;
        }
        throw new IllegalStateException("no signature was looked for on " + request.getRequestURI());
    }
}
