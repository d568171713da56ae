package io.athanor.domain.attestation;

import io.athanor.domain.common.Wallet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a committee and how many of its seats it holds.
 *
 * @param attester the key that signs its reports
 * @param weight of its numbers in the median by {@link TrackRecord}, fixed at the draw; null in rounds drawn before
 *     records counted
 * @param ownerGroup that the member declared, as frozen with the candidates; null in rounds drawn before groups counted
 */
public record Seat(
        Wallet checker,
        Wallet attester,
        int seats,
        @Nullable Integer weight,
        @Nullable String ownerGroup) {
    /** A member that stands for itself alone. */
    public Seat(Wallet checker, Wallet attester, int seats) {
        this(checker, attester, seats, null, null);
    }

    /** Who it speaks for: members of one group are one voice, however many seats they hold. */
    public String voice() {
        return ownerGroup == null ? checker.toString() : ownerGroup;
    }

    /** Who a committee speaks for, each once, sorted. */
    public static List<String> voices(List<Seat> committee) {
        return committee.stream().map(Seat::voice).distinct().sorted().toList();
    }

    /** Its part of a weighted median; facts are counted by seats alone. */
    public int medianWeight() {
        return weight == null ? seats : Math.multiplyExact(seats, weight);
    }

    public Seat weighing(int newWeight) {
        return new Seat(checker, attester, seats, newWeight, ownerGroup);
    }
}
