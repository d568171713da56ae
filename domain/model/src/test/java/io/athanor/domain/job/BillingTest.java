package io.athanor.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BillingTest {
    @Test
    void costIsFlooredToTheWei() {
        assertThat(Billing.cost(1_500, Ath.ofWei(7), 2)).isEqualTo(Ath.ofWei(21));
        assertThat(Billing.cost(1, Ath.ofWei(999), 1)).isEqualTo(Ath.ZERO);
        assertThat(Billing.cost(0, Ath.ofWhole(1), 8)).isEqualTo(Ath.ZERO);
        assertThat(Billing.cost(2_592_000_000L, Ath.ofWhole(1), 8)).isEqualTo(Ath.ofWhole(20_736_000));
    }

    @Test
    void theCapOrTheDurationEndsARun() {
        SampleSpec spec = new SampleSpec().maxDurationMillis(10_000).cap(Ath.ofWei(5_000));
        assertThat(Billing.paidUntilMillis(spec.build(), Ath.ofWei(1_000))).isEqualTo(5_000);
        assertThat(Billing.paidUntilMillis(spec.gpus(2).build(), Ath.ofWei(1_000)))
                .isEqualTo(2_500);
        assertThat(Billing.paidUntilMillis(spec.build(), Ath.ofWei(1))).isEqualTo(10_000);
        assertThat(Billing.paidUntilMillis(spec.build(), Ath.ZERO)).isEqualTo(10_000);
    }

    @Test
    void everyMillisecondThatTheCapPaysForIsPaidAndNoMore() {
        Cases.forAll(10_000, samples -> {
            int gpus = samples.between(1, 8);
            JobSpec spec = new SampleSpec()
                    .gpus(gpus)
                    .tasks(samples.between(1, 5))
                    .maxDurationMillis(samples.between(1, 10_000_000))
                    .cap(Ath.ofWei(samples.random().nextLong(1_000_000_000L)))
                    .build();
            Ath price = Ath.ofWei(samples.random().nextLong(1, 1_000_000L));
            long millis = Billing.paidUntilMillis(spec, price);
            assertThat(Billing.cost(millis, price, gpus)).isLessThanOrEqualTo(spec.capOfTask());
            if (millis < spec.maxDurationMillis()) {
                assertThat(Billing.cost(millis + 1, price, gpus)).isGreaterThan(spec.capOfTask());
            }
        });
    }

    @Test
    void aRunIsBoundedByTheNetworksClock() {
        Samples samples = new Samples(6);
        Lease lease = samples.lease(samples.task().lease(1), samples.spec());
        Instant assigned = lease.startBy().minusMillis(lease.agreement().startDeadlineMillis());
        Instant started = assigned.plusMillis(700);
        Instant ended = assigned.plusMillis(4_000);
        assertThat(Billing.longestRunMillis(lease, started, ended)).isEqualTo(3_300);
        assertThat(Billing.longestRunMillis(lease, ended, ended))
                .as("start and end were heard together, after an outage")
                .isEqualTo(4_000);
        assertThat(Billing.longestRunMillis(lease, assigned, assigned)).isZero();
        assertThat(Billing.longestRunMillis(lease, assigned, assigned.minusMillis(1)))
                .as("a clock that was set back")
                .isZero();
    }
}
