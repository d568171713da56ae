package io.athanor.domain.governance;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.stake.StakePoolEvent.StakeDelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeLocked;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PowerSnapshotTest {
    private static final Samples SAMPLES = new Samples(31);
    private static final PoolId POOL = PoolId.ofChecker(SAMPLES.wallet());
    private static final Wallet ANNA = SAMPLES.wallet();

    private static StakePool pool(PoolId id, StakePoolEvent... events) {
        StakePool pool = StakePool.EMPTY.evolve(new StakeBonded(id, 1, Ath.ofWhole(100), Hash32.ZERO, 1, at(0)));
        for (StakePoolEvent event : events) {
            pool = pool.evolve(event);
        }
        return pool;
    }

    private static StakeDelegated delegated(PoolId id, Wallet wallet, long whole) {
        Ath amount = Ath.ofWhole(whole);
        return new StakeDelegated(id, wallet, amount, amount.wei(), 0, SAMPLES.authorization(wallet), at(0));
    }

    @Test
    void aLockOfFourYearsDoublesAndHalfOfItHalfAsMuch() {
        StakeLocked lock = new StakeLocked(POOL, ANNA, 10 + 1_461 / 2, SAMPLES.authorization(ANNA), at(0));
        PowerSnapshot snapshot =
                PowerSnapshot.of(Map.of(POOL, pool(POOL, delegated(POOL, ANNA, 1_461), lock)), 10, 1_461);
        assertThat(snapshot.powerOf(ANNA)).isEqualTo(Ath.ofWhole(1_461 + 730));
        assertThat(snapshot.powerOf(POOL.operator())).isEqualTo(Ath.ofWhole(100));
        assertThat(snapshot.of(POOL.operator()).getFirst().represented()).isEqualTo(Ath.ofWhole(2_191));
        assertThat(snapshot.total()).isEqualTo(Ath.ofWhole(2_291));
        assertThat(PowerSnapshot.weighted(Ath.ofWhole(3), 5_000, 1_461)).isEqualTo(Ath.ofWhole(6));
        assertThat(PowerSnapshot.weighted(Ath.ofWhole(3), -1, 1_461)).isEqualTo(Ath.ofWhole(3));
    }

    /** Whoever votes, in whatever order: nobody's power counts twice, and all together count once. */
    @Test
    void noPowerCountsTwice() {
        Cases.forAll(500, samples -> {
            List<Wallet> people = samples.wallets(5);
            Map<PoolId, StakePool> pools = new HashMap<>();
            for (Wallet operator : people.subList(0, 2)) {
                PoolId id = PoolId.ofChecker(operator);
                StakePool pool = pool(id);
                for (Wallet wallet : people) {
                    if (!wallet.equals(operator) && samples.chance(60)) {
                        pool = pool.evolve(delegated(id, wallet, samples.between(1, 50)));
                    }
                }
                pools.put(id, pool);
            }
            PowerSnapshot snapshot = PowerSnapshot.of(pools, 0, 1_461);
            Map<Wallet, Vote> votes = new HashMap<>();
            Ath before = Ath.ZERO;
            for (Wallet voter : samples.shuffled(people)) {
                if (!snapshot.of(voter).isEmpty()) {
                    votes.put(voter, new Vote(samples.oneOf(List.of(Tally.Choice.values())), snapshot.of(voter)));
                }
                Ath cast = Tally.of(votes, snapshot.total()).cast();
                assertThat(cast.covers(before)).isTrue();
                assertThat(snapshot.total().covers(cast)).isTrue();
                before = cast;
            }
            assertThat(before).isEqualTo(snapshot.total());
        });
    }
}
