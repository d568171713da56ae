package io.athanor.crypto;

import io.athanor.domain.hash.Digests;
import io.athanor.domain.hash.Hex;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What a device signs with its Ed25519 key for one HTTP request; agent and server build it alike.
 *
 * <p>Signed bytes (ASCII): {@code athanor-request-v1}, method, path with query, time in milliseconds since 1970, nonce,
 * SHA-256 of the body in hex, joined by line feeds. No part can hold a line feed, so two requests never give the same
 * bytes. A server also refuses a stale time ({@link #isFresh}) and a nonce it has seen within twice {@link #MAX_SKEW}.
 *
 * <p>The constructor throws {@link IllegalArgumentException} for a part of the wrong form.
 *
 * @param method upper-case HTTP method
 * @param path path with query, as sent, in printable ASCII, at most 2048 characters
 * @param at the sender's time, whole milliseconds
 * @param nonce 16 to 64 characters of {@code A–Z a–z 0–9 _ -}, never used twice by a device
 * @param bodySha256 SHA-256 of the body, {@code 0x} hex; of no bytes where there is no body
 */
public record RequestSignature(String method, String path, Instant at, String nonce, String bodySha256) {
    /** Header with the sender's id. */
    public static final String DEVICE_HEADER = "Athanor-Device";

    /** Header with the time in milliseconds since 1970. */
    public static final String TIME_HEADER = "Athanor-Time";

    /** Header with the nonce. */
    public static final String NONCE_HEADER = "Athanor-Nonce";

    /** Header with the signature, {@code 0x} hex. */
    public static final String SIGNATURE_HEADER = "Athanor-Signature";

    /** How far the sender's clock may be off, either way. */
    public static final Duration MAX_SKEW = Duration.ofSeconds(30);

    private static final String VERSION = "athanor-request-v1";
    private static final Pattern METHOD = Pattern.compile("[A-Z]{3,7}");
    private static final Pattern PATH = Pattern.compile("/[!-~]{0,2047}");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{16,64}");
    private static final Pattern SHA256 = Pattern.compile("0x[0-9a-f]{64}");

    public RequestSignature {
        require(METHOD, method, "method");
        require(PATH, path, "path");
        require(NONCE, nonce, "nonce");
        require(SHA256, bodySha256, "body digest");
        at = Instant.ofEpochMilli(at.toEpochMilli());
    }

    /** For a request with this body, empty for none. */
    public static RequestSignature of(String method, String path, Instant at, String nonce, byte[] body) {
        return new RequestSignature(method, path, at, nonce, Hex.encode(Digests.sha256(body)));
    }

    /** The bytes that are signed. */
    public byte[] bytesToSign() {
        return String.join("\n", VERSION, method, path, Long.toString(at.toEpochMilli()), nonce, bodySha256)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The device's 64-byte signature. */
    public byte[] sign(Ed25519.KeyPair device) {
        return Ed25519.sign(device, bytesToSign());
    }

    /** Whether the device of this public key signed this request; says nothing about freshness or replay. */
    public boolean isSignedBy(byte[] publicKey, byte[] signature) {
        return Ed25519.verify(publicKey, bytesToSign(), signature);
    }

    /** Whether the sender's time lies within {@link #MAX_SKEW} of the receiver's. */
    public boolean isFresh(Instant receivedAt) {
        return Duration.between(at, receivedAt).abs().compareTo(MAX_SKEW) <= 0;
    }

    private static void require(Pattern form, String value, String part) {
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException("the " + part + " of a signed request has not the form " + form);
        }
    }
}
