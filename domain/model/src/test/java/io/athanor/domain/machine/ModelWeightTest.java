package io.athanor.domain.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelWeightTest {
    private static final Map<String, Long> K = Map.of("H100", 1_000_000L, "L4", 250_000L);
    private static final long SCORE = 777;
    private final Samples samples = new Samples(5);

    private Machine machine(String... models) {
        List<Inventory.Gpu> gpus = Arrays.stream(models)
                .map(model -> new Inventory.Gpu("GPU-" + samples.uuid(), model, 1, 90, "1"))
                .toList();
        return new Machine(
                Standing.CERTIFIED,
                samples.wallet(),
                "0x",
                samples.inventory(gpus, false),
                null,
                SCORE,
                Ath.ofWei(1),
                true,
                Map.of(),
                null,
                null,
                null,
                null);
    }

    @Test
    void aMachineWeighsTheSumOfItsGpus() {
        assertThat(ModelWeight.ppm(machine("H100", "L4", "L4"), K)).isEqualTo(1_500_000);
    }

    @Test
    void oneUnknownModelMakesTheCertifiedScoreCount() {
        assertThat(ModelWeight.ppm(machine("H100", "B300"), K)).isEqualTo(SCORE);
    }

    @Test
    void anInstanceWeighsItsSlicesShareOfItsCardUnlessTheNetworkFixedMore() {
        assertThat(ModelWeight.ppm(machine("H100 MIG 1g.10gb", "H100 MIG 3g.40gb", "H100 MIG 1g.10gb+me"), K))
                .isEqualTo(142_857 + 428_571 + 142_857);
        assertThat(ModelWeight.of("H100 MIG 7g.80gb", K)).isEqualTo(1_000_000);
        assertThat(ModelWeight.of("H100 MIG 1g.10gb", Map.of("H100", 1_000_000L, "H100 MIG 1g.10gb", 150_000L)))
                .isEqualTo(150_000);
        assertThat(ModelWeight.of("B300 MIG 1g.10gb", K)).isNull();
        assertThat(ModelWeight.of("H100 MIG 9g.10gb", K)).isNull();
    }

    @Test
    void whatShowedNoHardwareWeighsNothing() {
        assertThat(ModelWeight.ppm(Machine.EMPTY, K)).isZero();
    }

    @Test
    void theStakeRequiredFollowsTheShareOfTheWeightThatIsLeased() {
        ProtocolParameters rules = SampleParameters.get();
        Ath unit = rules.stake().providerPerGpu();
        assertThat(PenaltyPolicy.required(machine("H100", "H100", "H100"), 2, rules))
                .isEqualTo(unit.plus(unit));
        assertThat(PenaltyPolicy.required(machine("B300"), 1, rules))
                .as("an unknown model counts by its score, never as a whole H100")
                .isEqualTo(unit.share(SCORE, 1_000_000));
        assertThat(PenaltyPolicy.required(Machine.EMPTY, 1, rules)).isEqualTo(Ath.ZERO);
    }
}
