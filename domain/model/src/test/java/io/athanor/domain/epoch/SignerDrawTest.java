package io.athanor.domain.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignerDrawTest {
    private final Samples samples = new Samples(41);
    private final ProtocolParameters parameters = SampleParameters.get();
    private final Hash32 block = samples.hash();

    private List<Candidate> candidates(int count, Ath stake) {
        List<Candidate> all = new ArrayList<>();
        for (Wallet wallet : samples.wallets(count)) {
            all.add(new Candidate(wallet, samples.wallet(), "owner-" + wallet, "net", stake));
        }
        return all;
    }

    @Test
    void theSameEventsDrawTheSameSetWhateverTheirOrder() {
        List<Candidate> many = candidates(60, parameters.stake().checkerUnit());
        List<Candidate> shuffled = new ArrayList<>(many);
        Collections.shuffle(shuffled, new Random(5));
        SignerDraw draw = SignerDraw.of(many, block, parameters);
        assertThat(SignerDraw.of(shuffled, block, parameters)).isEqualTo(draw);
        assertThat(draw.signers()).hasSize(SignerDraw.SEATS).isSorted().doesNotHaveDuplicates();
        assertThat(draw.quorum()).isEqualTo(15);
        assertThat(SignerDraw.of(many, samples.hash(), parameters)).isNotEqualTo(draw);
    }

    @Test
    void aSmallNetworkHasASmallSetAndNobodyBelowAUnitSits() {
        List<Candidate> few = candidates(3, parameters.stake().checkerUnit());
        assertThat(SignerDraw.of(few, block, parameters).signers())
                .containsExactlyInAnyOrderElementsOf(
                        few.stream().map(Candidate::attester).toList());
        assertThat(SignerDraw.of(few, block, parameters).quorum()).isEqualTo(3);
        assertThat(SignerDraw.of(few, block, parameters).usable()).isTrue();
        List<Candidate> poor = candidates(3, parameters.stake().checkerUnit().minus(Ath.ofWei(1)));
        assertThat(SignerDraw.of(poor, block, parameters).usable()).isFalse();
    }

    @Test
    void theQuorumIsTheSameMajorityOfASmallerSetAndAtLeastTwo() {
        assertThat(SignerDraw.quorum(21)).isEqualTo(15);
        assertThat(SignerDraw.quorum(7)).isEqualTo(5);
        assertThat(SignerDraw.quorum(4)).isEqualTo(3);
        assertThat(SignerDraw.quorum(2)).isEqualTo(2);
    }
}
