package io.athanor.domain.stake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.protocol.ParameterBounds;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Stake;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OfferStakeTest {
    private static final Ath UNIT = Ath.ofWhole(10_000);

    private static ProtocolParameters asking(@Nullable Integer bps) {
        ProtocolParameters p = SampleParameters.get();
        return new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                p.reward(),
                new Stake(p.stake().checkerUnit(), UNIT, p.stake().selfBondBps(), bps),
                p.market(),
                p.accountability(),
                p.economy());
    }

    private static Inventory of(String... models) {
        Inventory sample = new Samples(3).inventory(1);
        List<Inventory.Gpu> gpus = IntStream.range(0, models.length)
                .mapToObj(i -> new Inventory.Gpu("GPU-" + i, models[i], 81_920, 90, "570.1"))
                .toList();
        return new Inventory(
                sample.fingerprint(),
                sample.region(),
                gpus,
                sample.cpuThreads(),
                sample.memoryMib(),
                sample.diskGib(),
                sample.downMbit(),
                sample.upMbit(),
                sample.engineVersion(),
                sample.simulated());
    }

    @Test
    void everyGpuCountsByItsModel() {
        assertThat(OfferStake.required(of("H100", "H100", "RTX 4090"), 9, asking(10_000)))
                .isEqualTo(Ath.ofWhole(24_000));
        assertThat(OfferStake.required(of("H100"), 9, asking(2_500))).isEqualTo(Ath.ofWhole(2_500));
    }

    @Test
    void whatKIsNotFixedForCountsAsCertifiedAndBeforeThatAsAnH100() {
        assertThat(OfferStake.required(of("B300", "B300"), 0, asking(10_000))).isEqualTo(Ath.ofWhole(20_000));
        assertThat(OfferStake.required(of("B300", "B300"), 3_000_000, asking(10_000)))
                .isEqualTo(Ath.ofWhole(30_000));
    }

    @Test
    void aNetworkThatDoesNotStateItAsksForNothing() {
        assertThat(OfferStake.required(of("H100"), 0, asking(null))).isEqualTo(Ath.ZERO);
    }

    @Test
    void anOfferCommitsAtMostTheWhole() {
        ParameterBounds.require(asking(10_000));
        assertThatThrownBy(() -> ParameterBounds.require(asking(10_001))).hasMessageContaining("stake.offerBps");
    }
}
