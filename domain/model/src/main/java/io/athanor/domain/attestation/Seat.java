package io.athanor.domain.attestation;

import io.athanor.domain.common.Wallet;
import org.jspecify.annotations.Nullable;

/**
 * A member of a committee and how many of its seats it holds.
 *
 * @param attester the key that signs its reports
 * @param weight of its numbers in the median by {@link TrackRecord}, fixed at the draw; null in rounds drawn before
 *     records counted
 */
public record Seat(
        Wallet checker,
        Wallet attester,
        int seats,
        @Nullable Integer weight) {
    public Seat(Wallet checker, Wallet attester, int seats) {
        this(checker, attester, seats, null);
    }

    /** Its part of a weighted median; facts are counted by seats alone. */
    public int medianWeight() {
        return weight == null ? seats : Math.multiplyExact(seats, weight);
    }

    public Seat weighing(int newWeight) {
        return new Seat(checker, attester, seats, newWeight);
    }
}
