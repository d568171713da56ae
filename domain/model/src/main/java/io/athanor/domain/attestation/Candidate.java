package io.athanor.domain.attestation;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A checker that may be drawn, as frozen at an epoch's opening. Stake in wei. */
public record Candidate(Wallet checker, Wallet attester, String ownerGroup, String networkGroup, Ath stake) {
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
                        .append('\n'));
        return Hash32.of(Keccak256.hash(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
