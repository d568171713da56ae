package io.athanor.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.placement.Score.Part;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ScoreTest {
    private static final long BEST = 1_000_000;
    private final Samples samples = new Samples(19);
    private final JobSpec spec = new SampleSpec().maxPrice(2_000_000_000_000L).build();

    private Offer offer(Ath price, int free, int total, long score, long quality, long latency) {
        Offer base = SampleFleet.offer(samples, free, total);
        return new Offer(
                base.machine(),
                base.provider(),
                base.region(),
                price,
                base.freeGpus(),
                total,
                base.cpuThreads(),
                base.memoryMib(),
                score,
                quality,
                latency,
                false);
    }

    private Offer priced(Ath price) {
        return offer(price, 4, 8, 8 * BEST, BEST, 0);
    }

    private static Ath wei(long wei) {
        return Ath.ofWei(wei);
    }

    @Test
    void theWeightsAreAHundredPercent() {
        assertThat(Arrays.stream(Part.values()).mapToInt(Part::percent).sum()).isEqualTo(100);
    }

    @Test
    void thePriceCountsByHowFarItLiesBelowTheMost() {
        assertThat(Part.PRICE.of(priced(wei(2_000_000_000_000L)), spec)).isZero();
        assertThat(Part.PRICE.of(priced(wei(1_000_000_000_000L)), spec)).isEqualTo(500_000);
        assertThat(Part.PRICE.of(priced(wei(0)), spec)).isEqualTo(BEST);
    }

    @Test
    void aPriceBeyondALongCountsTheSame() {
        JobSpec dear = new JobSpec(
                spec.name(),
                spec.image(),
                spec.command(),
                spec.env(),
                1,
                spec.gpus(),
                1,
                6,
                1,
                Ath.ofWhole(4_000_000),
                Ath.ofWhole(1),
                spec.inputs(),
                spec.network(),
                spec.regions());
        assertThat(Part.PRICE.of(priced(Ath.ofWhole(1_000_000)), dear)).isBetween(749_999L, 750_001L);
    }

    @Test
    void nearerIsBetterAndUnknownIsMiddling() {
        assertThat(Part.LATENCY.of(offer(wei(1), 4, 8, BEST, BEST, 0), spec)).isEqualTo(500_000);
        assertThat(Part.LATENCY.of(offer(wei(1), 4, 8, BEST, BEST, 50_000), spec))
                .isEqualTo(500_000);
        assertThat(Part.LATENCY.of(offer(wei(1), 4, 8, BEST, BEST, 1_000), spec))
                .isGreaterThan(900_000);
        assertThat(Part.LATENCY.of(offer(wei(1), 4, 8, BEST, BEST, 500_000), spec))
                .isLessThan(100_000);
    }

    @Test
    void capacityCountsPerGpuUpToTheBest() {
        assertThat(Part.PERFORMANCE.of(offer(wei(1), 4, 8, 8 * 1_250_000, BEST, 0), spec))
                .isEqualTo(BEST);
        assertThat(Part.PERFORMANCE.of(offer(wei(1), 4, 8, 8 * 2_500_000, BEST, 0), spec))
                .isEqualTo(BEST);
        assertThat(Part.PERFORMANCE.of(offer(wei(1), 4, 8, 8 * 625_000, BEST, 0), spec))
                .isEqualTo(500_000);
    }

    @Test
    void aTightFitBeatsAnEmptyMachine() {
        Offer tight = offer(wei(1), 1, 8, BEST, BEST, 0);
        Offer empty = offer(wei(1), 8, 8, BEST, BEST, 0);
        assertThat(Part.FRAGMENTATION.of(tight, spec)).isEqualTo(BEST);
        assertThat(Part.FRAGMENTATION.of(empty, spec)).isEqualTo(125_000);
        assertThat(Part.SPREAD.of(tight, spec)).isEqualTo(125_000);
        assertThat(Part.SPREAD.of(empty, spec)).isEqualTo(BEST);
        assertThat(Score.total(tight, spec)).isGreaterThan(Score.total(empty, spec));
    }

    @Test
    void qualityIsKeptWithinItsBounds() {
        assertThat(Part.QUALITY.of(offer(wei(1), 4, 8, BEST, 930_000, 0), spec)).isEqualTo(930_000);
        assertThat(Part.QUALITY.of(offer(wei(1), 4, 8, BEST, 2_000_000, 0), spec))
                .isEqualTo(BEST);
        assertThat(Part.QUALITY.of(offer(wei(1), 4, 8, BEST, -1, 0), spec)).isZero();
    }
}
