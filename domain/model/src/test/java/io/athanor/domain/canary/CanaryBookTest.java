package io.athanor.domain.canary;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolCommand.CommitCanaries;
import io.athanor.domain.protocol.ProtocolCommand.OpenCanaries;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A plan of epoch 12 with one job, and a budget of 10 ATH. */
class CanaryBookTest {
    private static final Ath BUDGET = Ath.ofWhole(10);

    private final Samples samples = new Samples(78);
    private final Wallet shopper = samples.wallet();
    private final Sha256 digest = samples.sha256();
    private final ProtocolParameters rules = SampleParameters.withCanaries(shopper, null);
    private final CanaryPlan plan = new CanaryPlan(12, samples.hash(), List.of(plant()));

    private Plant plant() {
        return new Plant(samples.wallet(), samples.spec(), Fact.DELIVERED, samples.hash());
    }

    private CommitCanaries commit(Wallet by, long newest) {
        return new CommitCanaries(12, digest, newest, samples.authorization(by), at(0));
    }

    private OpenCanaries open(CanaryPlan what, Sha256 of, Ath paid, Ath treasury, long newest) {
        return new OpenCanaries(
                what, of, List.of(), paid, null, null, null, treasury, newest, samples.authorization(shopper), at(1));
    }

    private CanaryBook fixed() {
        return CanaryBook.EMPTY.with(CanaryBook.EMPTY.commit(commit(shopper, 10), rules));
    }

    private static void refused(ThrowingCallable order, Reason reason) {
        assertThatThrownBy(order)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void theShopperFixesAPlanOnceBeforeTheEpochBeforeIt() {
        refused(() -> CanaryBook.EMPTY.commit(commit(samples.wallet(), 10), rules), Reason.NOT_ALLOWED);
        refused(() -> CanaryBook.EMPTY.commit(commit(shopper, 10), SampleParameters.get()), Reason.NOT_ALLOWED);
        refused(() -> CanaryBook.EMPTY.commit(commit(shopper, 11), rules), Reason.WINDOW_CLOSED);
        assertThat(fixed().of(12)).isEqualTo(digest);
        refused(() -> fixed().commit(commit(shopper, 10), rules), Reason.DUPLICATE_COMMITMENT);
    }

    @Test
    void whatWasFixedIsOpenedOnceAfterItsEpochWithinTheBudget() {
        Ath paid = Ath.ofWhole(3);
        OpenCanaries right = open(plan, digest, paid, BUDGET, 13);
        refused(() -> CanaryBook.EMPTY.open(right, rules), Reason.REVEAL_WITHOUT_COMMIT);
        refused(() -> fixed().open(open(plan, samples.sha256(), paid, BUDGET, 13), rules), Reason.REVEAL_MISMATCH);
        refused(() -> fixed().open(open(plan, digest, paid, BUDGET, 12), rules), Reason.WINDOW_CLOSED);
        refused(
                () -> fixed().open(open(plan, digest, Ath.ofWhole(11), Ath.ofWhole(20), 13), rules),
                Reason.INSUFFICIENT_FUNDS);
        refused(() -> fixed().open(open(plan, digest, paid, Ath.ofWhole(2), 13), rules), Reason.INSUFFICIENT_FUNDS);
        var opened = fixed().open(right, rules);
        assertThat(opened.paid()).isEqualTo(paid);
        assertThat(fixed().without(opened).of(12)).isNull();
    }

    @Test
    void aPlanHasFewSingleJobsOfDifferentWalletsWithAnswers() {
        Plant one = plant();
        Plant two = plant();
        new CanaryPlan(12, Hash32.ZERO, List.of(one, two)).require(2);
        refused(() -> new CanaryPlan(12, Hash32.ZERO, List.of()).require(2), Reason.INVALID_SPEC);
        refused(() -> new CanaryPlan(12, Hash32.ZERO, List.of(one, two)).require(1), Reason.INVALID_SPEC);
        refused(() -> new CanaryPlan(12, Hash32.ZERO, List.of(one, one)).require(2), Reason.INVALID_SPEC);
        Plant without = new Plant(one.client(), one.spec(), Fact.ENDED_BY_CLIENT, samples.hash());
        refused(() -> new CanaryPlan(12, Hash32.ZERO, List.of(without)).require(2), Reason.INVALID_SPEC);
    }

    /** 600 blocks: every moment lies in the first 60 % of the epoch, and both its halves are met. */
    @Test
    void theMomentFollowsFromSeedAndBlock() {
        Instant from = at(0);
        Instant until = at(10_000);
        long late = 0;
        for (int i = 0; i < 600; i++) {
            Hash32 block = samples.hash();
            Instant moment = plan.orderAt(0, from, until, block);
            assertThat(Duration.between(from, moment).toMillis()).isBetween(0L, 5_999L);
            assertThat(plan.orderAt(0, from, until, block)).isEqualTo(moment);
            late += moment.isAfter(at(3_000)) ? 1 : 0;
            assertThat(plan.isInTime(0, from, until, block, moment)).isTrue();
            assertThat(plan.isInTime(0, from, until, block, moment.minusMillis(1)))
                    .isFalse();
            assertThat(plan.isInTime(0, from, until, block, at(20_000))).isFalse();
        }
        assertThat(late).isBetween(200L, 400L);
    }
}
