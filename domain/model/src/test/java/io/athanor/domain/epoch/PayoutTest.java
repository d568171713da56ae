package io.athanor.domain.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.testing.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PayoutTest {
    private final Samples samples = new Samples(31);

    @Test
    void leavesAreAccountsInWalletOrderThenPools() {
        List<Wallet> wallets = samples.wallets(3).stream().sorted().toList();
        PoolId pool = PoolId.ofChecker(samples.wallet());
        PayoutTree tree = PayoutTree.of(
                Map.of(wallets.get(2), Ath.ofWei(7), wallets.get(0), Ath.ofWei(5), wallets.get(1), Ath.ZERO),
                Map.of(pool, Ath.ofWei(3)));
        assertThat(tree.leaves())
                .containsExactly(
                        PayoutTree.withdrawal(wallets.get(0), Ath.ofWei(5)),
                        PayoutTree.withdrawal(wallets.get(2), Ath.ofWei(7)),
                        PayoutTree.bondRelease(pool, Ath.ofWei(3)));
        assertThat(tree.payout(4, 9)).isEqualTo(new Payout(4, MerkleTree.root(tree.leaves()), 3, Ath.ofWei(12), 9));
    }

    @Test
    void aLeafIsItsKindAndTwoWords() {
        byte[] leaf = PayoutTree.withdrawal(samples.wallet(), Ath.ofWei(256));
        assertThat(leaf).hasSize(65).startsWith(4).endsWith(1, 0);
        assertThat(PayoutTree.bondRelease(PoolId.ofProvider(samples.wallet()), Ath.ofWei(2)))
                .hasSize(65)
                .startsWith(5)
                .endsWith(2);
    }

    @Test
    void oneIsDueWithTheFirstEpochThatClosesInANewDay() {
        assertThat(SettlementDay.begins(0, -1, 6)).isTrue();
        assertThat(SettlementDay.begins(5, 0, 6)).isFalse();
        assertThat(SettlementDay.begins(6, 5, 6)).isTrue();
        assertThat(SettlementDay.begins(7, 6, 6)).isFalse();
        assertThat(SettlementDay.begins(40, 6, 6))
                .as("days in which no node ran")
                .isTrue();
    }
}
