package io.athanor.domain.stake;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StakePoolTest {
    private static final PoolId POOL = PoolId.ofChecker(new Samples(10).wallet());

    private static CreditBond bond(long number, long whole) {
        return new CreditBond(POOL, number, Ath.ofWhole(whole), Hash32.ZERO, 5, at(0));
    }

    @Test
    void aBondIsCreditedOnce() {
        var after = Scenario.pool()
                .when(bond(3, 10_000))
                .events(new StakeBonded(POOL, 3, Ath.ofWhole(10_000), Hash32.ZERO, 5, at(0)));
        after.when(bond(3, 10_000)).nothing();
        after.when(bond(2, 10_000)).nothing();
        assertThat(after.done(bond(4, 1)).state().selfBond()).isEqualTo(Ath.ofWhole(10_001));
    }

    @Test
    void deliveredInOrderAnyNumberOfTimesTheSumIsThatOfTheNumbers() {
        Cases.forAll(2_000, samples -> {
            Map<Integer, Ath> amounts = new HashMap<>();
            StakePool pool = StakePool.EMPTY;
            int newest = 1;
            for (int step = 0; step < 20; step++) {
                int number = samples.between(1, newest);
                Ath amount = amounts.computeIfAbsent(number, n -> Ath.ofWei(samples.between(1, 1_000)));
                for (StakePoolEvent event :
                        pool.decide(new CreditBond(POOL, number, amount, Hash32.ZERO, number, at(step)))) {
                    pool = pool.evolve(event);
                }
                newest = number == newest ? newest + 1 : newest;
            }
            assertThat(pool.selfBond()).isEqualTo(Ath.sum(amounts.values()));
        });
    }
}
