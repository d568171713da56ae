package io.athanor.api.auth;

import io.athanor.crypto.RequestSignature;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * The nonces of the last while, in two generations of one skew window each; only verified requests come here.
 *
 * <p>It is this process's memory: a replay to another node or after a restart, inside 30 s, repeats a message that
 * session, sequence number, offset or digest already make harmless. Invariant: a nonce is remembered for at least twice
 * {@link RequestSignature#MAX_SKEW}.
 */
final class SeenNonces {
    private static final Duration GENERATION = RequestSignature.MAX_SKEW.multipliedBy(2);
    private static final int MAX_PER_GENERATION = 2_000_000;

    private Set<String> current = new HashSet<>();
    private Set<String> previous = new HashSet<>();
    private Instant since = Instant.EPOCH;

    /** Whether this is the first time; false where it was seen, or where no more can be remembered. */
    synchronized boolean isFirst(String device, String nonce, Instant now) {
        if (Duration.between(since, now).compareTo(GENERATION) >= 0) {
            previous = current;
            current = new HashSet<>();
            since = now;
        }
        String key = device + ' ' + nonce;
        return !previous.contains(key) && current.size() < MAX_PER_GENERATION && current.add(key);
    }
}
