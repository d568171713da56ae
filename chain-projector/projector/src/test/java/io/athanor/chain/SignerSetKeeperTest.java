package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignerSetKeeperTest {
    @Test
    void theQuorumIsFifteenOfTwentyOneScaledAndAlwaysAMajority() {
        assertThat(SignerSetKeeper.quorum(21)).isEqualTo(15);
        assertThat(SignerSetKeeper.quorum(7)).isEqualTo(5);
        assertThat(SignerSetKeeper.quorum(3)).isEqualTo(3);
        assertThat(SignerSetKeeper.quorum(2)).isEqualTo(2);
        for (int size = 2; size <= 21; size++) {
            assertThat(SignerSetKeeper.quorum(size)).isGreaterThan(size / 2).isLessThanOrEqualTo(size);
        }
    }
}
