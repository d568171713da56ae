package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidateTest {
    private final Samples samples = new Samples(7);
    private final Wallet a = samples.wallet();
    private final Wallet b = samples.wallet();

    private static Candidate candidate(Wallet wallet, String owner, String network) {
        return new Candidate(wallet, wallet, owner, network, Ath.ofWhole(1));
    }

    @Test
    void theDigestIsOfTheListInWalletOrder() {
        Candidate one = candidate(a, "o", "n");
        Candidate two = candidate(b, "o", "n");
        assertThat(Candidate.digest(List.of(one, two))).isEqualTo(Candidate.digest(List.of(two, one)));
        assertThat(Candidate.digest(List.of(one))).isNotEqualTo(Candidate.digest(List.of(one, two)));
    }

    @Test
    void noTwoListsShareADigestByTheirTexts() {
        Candidate split = candidate(a, "x", "y z");
        Candidate joined = candidate(a, "x y", "z");
        assertThat(Candidate.digest(List.of(split))).isNotEqualTo(Candidate.digest(List.of(joined)));
        String line = "n\n" + b + " " + b + " " + Ath.ofWhole(1) + " 1:o 1:n";
        assertThat(Candidate.digest(List.of(candidate(a, "o", line))))
                .isNotEqualTo(Candidate.digest(List.of(candidate(a, "o", "n"), candidate(b, "o", "n"))));
    }
}
