package io.athanor.domain.attestation;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.stake.StakePoolEvent.StakeDelegated;
import io.athanor.domain.testing.Samples;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A checker's pool with 800 of its own, a provider's with 800, and delegations of 200 or 201 between them. */
class InterestsTest {
    private static final int SHARE_BPS = 2_000;

    private final Samples samples = new Samples(79);
    private final Wallet checker = samples.wallet();
    private final Wallet provider = samples.wallet();
    private final PoolId own = PoolId.ofChecker(checker);
    private final PoolId theirs = PoolId.ofProvider(provider);

    private StakePool pool(PoolId id, Wallet delegator, long delegated) {
        Ath amount = Ath.ofWhole(delegated);
        StakePool bonded = StakePool.EMPTY.evolve(new StakeBonded(id, 1, Ath.ofWhole(800), samples.hash(), 1, at(0)));
        return bonded.evolve(
                new StakeDelegated(id, delegator, amount, amount.wei(), 0, samples.authorization(delegator), at(0)));
    }

    private @Nullable List<String> of(StakePool checkers, StakePool providers, @Nullable Integer bps) {
        return Interests.of(
                checker, checkers, Map.of(theirs, providers), wallet -> wallet.equals(provider) ? "owner" : null, bps);
    }

    @Test
    void moreThanAFifthOfEitherPoolIsAnInterest() {
        StakePool less = pool(own, provider, 200);
        StakePool more = pool(own, provider, 201);
        StakePool none = pool(theirs, samples.wallet(), 500);
        assertThat(of(less, none, SHARE_BPS))
                .as("a fifth is not more than a fifth")
                .isNull();
        assertThat(of(more, none, SHARE_BPS)).containsExactly("owner");
        assertThat(of(less, pool(theirs, checker, 200), SHARE_BPS)).isNull();
        assertThat(of(less, pool(theirs, checker, 201), SHARE_BPS)).containsExactly("owner");
        assertThat(of(more, pool(theirs, checker, 201), null))
                .as("a network without the rule")
                .isNull();
        assertThat(of(pool(own, samples.wallet(), 900), none, SHARE_BPS))
                .as("somebody who is no provider")
                .isNull();
    }

    private boolean isRelated(Wallet client, String group, long delegated) {
        return Interests.isRelated(
                client, List.of(group, "checkers"), provider, "owner", pool(theirs, client, delegated), SHARE_BPS);
    }

    @Test
    void aProviderItsGroupAndWhoHoldsMoreThanAFifthOfItsPoolWorkForThemselves() {
        Wallet client = samples.wallet();
        assertThat(isRelated(client, "other", 200)).isFalse();
        assertThat(isRelated(client, "other", 201)).isTrue();
        assertThat(isRelated(client, "owner", 1)).isTrue();
        assertThat(isRelated(provider, "other", 1)).isTrue();
        assertThat(Interests.isRelated(client, List.of("other"), provider, "owner", null, null))
                .isFalse();
    }

    @Test
    void whoHasAnInterestIsNotDrawnAndTheFrozenListSaysSo() {
        Candidate free = new Candidate(samples.wallet(), samples.wallet(), "a", "n", Ath.ofWhole(1));
        Candidate bound = new Candidate(free.checker(), free.attester(), "a", "n", Ath.ofWhole(1), List.of("owner"));
        assertThat(CommitteeDraw.eligible(List.of(free), Ath.ofWhole(1), Set.of("owner"), false))
                .containsExactly(free);
        assertThat(CommitteeDraw.eligible(List.of(bound), Ath.ofWhole(1), Set.of("owner"), false))
                .isEmpty();
        assertThat(CommitteeDraw.eligible(List.of(bound), Ath.ofWhole(1), Set.of("other"), false))
                .containsExactly(bound);
        Hash32 before = Candidate.digest(List.of(free));
        assertThat(Candidate.digest(List.of(bound))).isNotEqualTo(before);
    }
}
