package io.athanor.domain.attestation;

import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import java.util.List;

/**
 * One checker's vector over a round's subjects, with the digest of its evidence.
 *
 * <p>Invariant: one finding a subject, in the round's order; checked when it is revealed.
 */
public record Report(RoundId round, Wallet checker, List<Finding> findings, Sha256 evidence) {
    public Report {
        findings = List.copyOf(findings);
    }
}
