package io.athanor.domain.epoch;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.StakeReturned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.stake.StakePoolEvent.PoolRewarded;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BondReleasesTest {
    private final Samples samples = new Samples(77);
    private final Wallet operator = samples.wallet();
    private final PoolId pool = PoolId.ofProvider(operator);
    private final BondReleases releases = new BondReleases();

    private void bonds(long amount) {
        releases.apply(new StakeBonded(pool, 1, Ath.ofWei(amount), samples.hash(), 5, at(1)));
    }

    private void slashes(long amount) {
        Ath taken = Ath.ofWei(amount);
        releases.apply(
                new PoolSlashed(pool, new CaseId(new UUID(1, 2)), taken, 0, taken, Ath.ZERO, List.of(), taken, at(2)));
    }

    private Map<PoolId, Ath> of(long amount) {
        return Map.of(pool, Ath.ofWei(amount));
    }

    @Test
    void whatAPenaltyTakesIsReleased() {
        bonds(100);
        assertThat(releases.released()).isEmpty();
        slashes(30);
        assertThat(releases.released()).isEqualTo(of(30));
        bonds(50);
        assertThat(releases.released()).as("a release only rises").isEqualTo(of(30));
        slashes(120);
        assertThat(releases.released()).as("all that was bonded").isEqualTo(of(150));
    }

    @Test
    void whatReturnsToAnAccountIsReleased() {
        bonds(100);
        releases.apply(new StakeReturned(operator, pool, Ath.ofWei(40), at(3)));
        assertThat(releases.released()).isEqualTo(of(40));
    }

    /** Stake that never came as a bond is free in custody already. */
    @Test
    void aPenaltyOnOtherStakeReleasesNothing() {
        bonds(100);
        releases.apply(new PoolRewarded(pool, 3, 0, Ath.ofWei(25), at(2)));
        slashes(20);
        assertThat(releases.released()).isEmpty();
        slashes(10);
        assertThat(releases.released()).isEqualTo(of(5));
    }

    @Test
    void anEventOfNoPoolChangesNothing() {
        assertThat(BondReleases.changes(new StakeBonded(pool, 1, Ath.ofWei(7), samples.hash(), 5, at(1))))
                .containsExactly(new BondReleases.Change(pool, BigInteger.valueOf(7), BigInteger.valueOf(7)));
        assertThat(BondReleases.changes(
                        new io.athanor.domain.epoch.EpochEvent.EpochClosed(1, ChainHead.GENESIS, at(1))))
                .isEmpty();
    }
}
