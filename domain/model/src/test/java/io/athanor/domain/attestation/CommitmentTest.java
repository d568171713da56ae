package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitmentTest {
    private static final RoundId ROUND = new RoundId(1, RoundId.Kind.LIVENESS, 0, 0);
    private final Samples samples = new Samples(22);
    private final Wallet checker = samples.wallet();
    private final Hash32 salt = samples.hash();
    private final Sha256 evidence = samples.sha256();

    private Report report(RoundId round, Wallet of, Fact fact) {
        return new Report(round, of, List.of(new Finding("x", fact, Hash32.ZERO, 1, 1)), evidence);
    }

    @Test
    void aCommitmentBindsChainRoundCheckerReportAndSalt() {
        Report report = report(ROUND, checker, Fact.ONLINE);
        Hash32 commitment = Commitment.of(1, report, salt);
        assertThat(Commitment.of(1, report, salt)).isEqualTo(commitment);
        assertThat(List.of(
                        Commitment.of(2, report, salt),
                        Commitment.of(1, report(ROUND.redraw(), checker, Fact.ONLINE), salt),
                        Commitment.of(1, report(ROUND, samples.wallet(), Fact.ONLINE), salt),
                        Commitment.of(1, report(ROUND, checker, Fact.OFFLINE), salt),
                        Commitment.of(1, report, samples.hash())))
                .doesNotContain(commitment)
                .doesNotHaveDuplicates();
    }

    @Test
    void aFindingMeasuresNothingBelowZero() {
        assertThatThrownBy(() -> new Finding("x", Fact.ONLINE, Hash32.ZERO, -1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Finding("x", Fact.ONLINE, Hash32.ZERO, 0, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Finding("x", Fact.ONLINE, Hash32.ZERO, 0, 0).measure()).isZero();
    }
}
