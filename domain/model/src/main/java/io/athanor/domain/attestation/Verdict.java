package io.athanor.domain.attestation;

import io.athanor.domain.hash.Hash32;
import org.jspecify.annotations.Nullable;

/**
 * What a committee decided of one subject.
 *
 * @param fact the fact that reached the quorum, null where none did (inconclusive: nobody is faulted)
 * @param digest the agreed digest, zero where there is none
 * @param measure the weighted median of the members that agree, 0 where inconclusive
 * @param agreeing seats for the fact, of {@code seats} assigned
 */
public record Verdict(
        String subject, Finding.@Nullable Fact fact, Hash32 digest, long measure, int agreeing, int seats) {
    public boolean conclusive() {
        return fact != null;
    }
}
