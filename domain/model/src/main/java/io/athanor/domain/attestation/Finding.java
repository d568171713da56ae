package io.athanor.domain.attestation;

import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;

/**
 * What one checker found of one subject. Facts are compared by equality of {@code fact} and {@code digest}; the
 * measure goes to the weighted median; the round-trip time is of its
 * place, and compared with nobody's but the same checker's.
 *
 * @param subject {@link Subject#key()}
 * @param digest of the result or hardware that was seen, {@link Hash32#ZERO} where there is none
 * @param measure answered probes (liveness), billable ms (delivery), capacity in ppm of an H100, or what the
 *     line carries in ppm of the least (onboarding)
 * @param rttMicros median round trip of the probes, 0 where none was answered; reports with more than
 *     {@link #MAX_RTT_MICROS} are not taken
 */
public record Finding(String subject, Fact fact, Hash32 digest, long measure, long rttMicros) {
    /** A minute: nobody waits longer for an answer. */
    public static final long MAX_RTT_MICROS = 60_000_000;

    public Finding {
        if (measure < 0 || rttMicros < 0) {
            throw new IllegalArgumentException("measure and rttMicros are not below zero");
        }
    }

    /** The discrete facts. */
    public enum Fact {
        /** The machine answered fresh nonces with its key. */
        ONLINE,
        /** It was introduced and did not answer. */
        OFFLINE,
        /** It could not be introduced: the network's fault, judged against nobody. */
        NETWORK,
        /** The receipt and the stored outputs hold together and the job completed. */
        DELIVERED,
        /** The receipt holds together and names an end by the client's cause. */
        ENDED_BY_CLIENT,
        /** The receipt is missing, forged, or an output does not hash to it. */
        NOT_DELIVERED,
        /** The hardware is what the machine claims. */
        GENUINE,
        /** The hardware is not what the machine claims. */
        COUNTERFEIT,
        /** The hardware is, and the line to this checker carries less than a machine must have. */
        TOO_SLOW,
        /** The case's evidence bears the penalty. */
        UPHELD,
        /** It does not. */
        REFUTED;

        /** Whether a round of this kind can find it. */
        public boolean isOf(RoundId.Kind kind) {
            return switch (this) {
                case NETWORK -> true;
                case ONLINE -> kind == RoundId.Kind.LIVENESS;
                case OFFLINE -> kind == RoundId.Kind.LIVENESS || isOfHardware(kind);
                case DELIVERED, ENDED_BY_CLIENT, NOT_DELIVERED -> kind == RoundId.Kind.DELIVERY;
                case GENUINE, COUNTERFEIT -> isOfHardware(kind);
                case TOO_SLOW -> kind == RoundId.Kind.ONBOARDING;
                case UPHELD, REFUTED -> kind == RoundId.Kind.APPEAL || kind == RoundId.Kind.SLASH;
            };
        }

        private static boolean isOfHardware(RoundId.Kind kind) {
            return kind == RoundId.Kind.ONBOARDING || kind == RoundId.Kind.CAPACITY;
        }
    }
}
