package io.athanor.domain.governance;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakePoolCommand.LockStake;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakeRules;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Votes over random pools, locks and choices. */
class TallyProperties {
    private static final int HISTORIES = 3_000;
    private static final int FULL_LOCK_DAYS = 1_461;
    private static final StakeRules RULES = new StakeRules(Economy.STANDARD.delegation(), 1_000);

    private final Map<PoolId, StakePool> pools = new HashMap<>();
    private final List<Wallet> people = new ArrayList<>();

    private PowerSnapshot grow(Samples samples) {
        pools.clear();
        people.clear();
        people.addAll(samples.wallets(samples.between(1, 6)));
        for (Wallet operator : samples.wallets(samples.between(1, 3))) {
            PoolId pool = PoolId.ofChecker(operator);
            people.add(operator);
            send(new CreditBond(pool, 1, Ath.ofWhole(samples.between(100, 500)), Hash32.ZERO, 1, at(0)));
            for (Wallet who : people) {
                if (samples.chance(50) && !who.equals(operator)) {
                    Ath amount = Ath.ofWhole(samples.between(1, 100)).plus(Ath.ofWei(samples.between(0, 9)));
                    send(new Delegate(pool, who, amount, RULES, 1, samples.authorization(who), at(0)));
                    if (samples.chance(50)) {
                        long until = 3L + samples.between(7, FULL_LOCK_DAYS);
                        send(new LockStake(pool, who, until, 3, samples.authorization(who), at(0)));
                    }
                }
            }
        }
        return PowerSnapshot.of(pools, 5, FULL_LOCK_DAYS);
    }

    private void send(StakePoolCommand command) {
        StakePool pool = pools.getOrDefault(command.pool(), StakePool.EMPTY);
        for (StakePoolEvent event : pool.decide(command)) {
            pool = pool.evolve(event);
        }
        pools.put(command.pool(), pool);
    }

    private static Map<Wallet, Vote> votes(Samples samples, List<Wallet> voters, PowerSnapshot power) {
        Map<Wallet, Vote> votes = new LinkedHashMap<>();
        for (Wallet who : voters) {
            votes.put(who, new Vote(samples.oneOf(List.of(Choice.values())), power.of(who)));
        }
        return votes;
    }

    @Test
    void nobodysPowerCountsTwiceAndEverybodysTogetherIsAll() {
        Cases.forAll(HISTORIES, samples -> {
            PowerSnapshot power = grow(samples);
            List<Wallet> some =
                    people.stream().filter(who -> samples.chance(60)).toList();
            Tally part = Tally.of(votes(samples, some, power), power.total());
            assertThat(part.cast()).isLessThanOrEqualTo(power.total());
            Tally all = Tally.of(votes(samples, people, power), power.total());
            assertThat(all.cast()).isEqualTo(power.total());
        });
    }

    /** However many delegators say it themselves: the operator says it for those who are silent. */
    @Test
    void agreeingWithOnesOperatorChangesNothing() {
        Cases.forAll(HISTORIES, samples -> {
            PowerSnapshot power = grow(samples);
            List<Wallet> operators =
                    pools.keySet().stream().map(PoolId::operator).distinct().toList();
            Map<Wallet, Vote> few = new HashMap<>();
            operators.forEach(who -> few.put(who, new Vote(Choice.FOR, power.of(who))));
            Map<Wallet, Vote> many = new HashMap<>(few);
            people.stream()
                    .filter(who -> samples.chance(50))
                    .forEach(who -> many.put(who, new Vote(Choice.FOR, power.of(who))));
            assertThat(Tally.of(many, power.total())).isEqualTo(Tally.of(few, power.total()));
        });
    }

    @Test
    void theOrderOfTheVotesDoesNotMatter() {
        Cases.forAll(HISTORIES, samples -> {
            PowerSnapshot power = grow(samples);
            Map<Wallet, Vote> one = votes(samples, people, power);
            Map<Wallet, Vote> other = new LinkedHashMap<>();
            samples.shuffled(people)
                    .forEach(who -> other.put(who, one.getOrDefault(who, new Vote(Choice.FOR, List.of()))));
            assertThat(Tally.of(other, power.total())).isEqualTo(Tally.of(one, power.total()));
        });
    }
}
