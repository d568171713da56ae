package io.athanor.domain.attestation;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A checker that may be drawn, as frozen at an epoch's opening. Stake in wei.
 *
 * @param interests owner groups whose machines it may not judge because of stake, in order; null where there are none
 */
public record Candidate(
        Wallet checker,
        Wallet attester,
        String ownerGroup,
        String networkGroup,
        Ath stake,
        @Nullable List<String> interests) {
    public Candidate {
        interests = interests == null || interests.isEmpty() ? null : List.copyOf(interests);
    }

    /** Without interests by stake. */
    public Candidate(Wallet checker, Wallet attester, String ownerGroup, String networkGroup, Ath stake) {
        this(checker, attester, ownerGroup, networkGroup, stake, null);
    }

    /** Whether it may judge where these owner groups are concerned, as far as its own groups and stake say. */
    public boolean isFree(Set<String> groups) {
        return !groups.contains(ownerGroup)
                && (interests == null || interests.stream().noneMatch(groups::contains));
    }

    /** Digest of a list in wallet order: what {@code EpochOpened} commits to. */
    public static Hash32 digest(List<Candidate> candidates) {
        StringBuilder text = new StringBuilder("athanor.candidates.v1\n");
        candidates.stream()
                .sorted((a, b) -> a.checker.compareTo(b.checker))
                .forEach(c -> text.append(c.checker)
                        .append(' ')
                        .append(c.attester)
                        .append(' ')
                        .append(c.stake)
                        .append(' ')
                        .append(c.ownerGroup.length())
                        .append(':')
                        .append(c.ownerGroup)
                        .append(' ')
                        .append(c.networkGroup.length())
                        .append(':')
                        .append(c.networkGroup)
                        .append(interests(c))
                        .append('\n'));
        return Hash32.of(Keccak256.hash(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String interests(Candidate candidate) {
        StringBuilder text = new StringBuilder();
        for (String group : candidate.interests == null ? List.<String>of() : candidate.interests) {
            text.append(' ').append(group.length()).append(':').append(group);
        }
        return text.toString();
    }
}
