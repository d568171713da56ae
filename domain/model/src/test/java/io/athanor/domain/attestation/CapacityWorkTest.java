package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.attestation.CapacityWork.Band;
import io.athanor.domain.common.Region;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a capacity test asks, and what its time says. */
class CapacityWorkTest {
    private static final Map<String, Long> MODELS =
            Map.of("H200", 1_250_000L, "H100", 1_000_000L, "RTX 3090", 220_000L);
    private static final Hash32 SEED = Hash32.keccak("seed".getBytes(StandardCharsets.UTF_8));

    private static Inventory inventory(String... models) {
        List<Inventory.Gpu> gpus = Stream.of(models)
                .map(model -> new Inventory.Gpu("SIM-" + model, model, 24_576, 86, "simulated"))
                .toList();
        return new Inventory("0x01", new Region("local"), gpus, 8, 64_000, 500, 0, 0, "20.10", true);
    }

    @Test
    void whateverTheModelWhatItOwesTakesTheSameTime() {
        List<CapacityWork> work = CapacityWork.of(SEED, inventory("H200", "H100", "RTX 3090"), MODELS);
        assertThat(work).extracting(CapacityWork::rounds).containsExactly(10_000, 8_000, 1_760);
        assertThat(work.get(0).cardMillis(1_250_000)).isEqualTo(400);
        assertThat(work.get(2).cardMillis(220_000)).isEqualTo(400);
        assertThat(work.get(0).cardMillis(220_000))
                .as("an RTX 3090 that claims to be an H200")
                .isEqualTo(2_272);
    }

    @Test
    void aModelWithoutAKClaimsNoMoreThanTheSmallest() {
        assertThat(CapacityWork.claimPpm(inventory("H200", "RTX 9999"), MODELS)).isEqualTo(1_470_000);
    }

    @Test
    void anInstanceClaimsItsShareOfTheCard() {
        assertThat(CapacityWork.claimPpm(inventory("H100 MIG 2g.20gb"), MODELS)).isEqualTo(285_714);
    }

    @Test
    void fluctuationCostsNothingAndATrueMachineIsNeverAboveItsClaim() {
        assertThat(Band.HARDWARE.measuredPpm(1_250_000, 100_000)).isEqualTo(1_250_000);
        assertThat(Band.HARDWARE.measuredPpm(1_250_000, 444_000)).isEqualTo(1_250_000);
        assertThat(Band.HARDWARE.measuredPpm(1_250_000, 500_000)).isEqualTo(1_000_000);
    }

    @Test
    void lessThanSevenTenthsIsOtherHardwareAndSevenTenthsIsNot() {
        assertThat(Band.HARDWARE.isOffence(1_000_000, 699_999)).isTrue();
        assertThat(Band.HARDWARE.isOffence(1_000_000, 700_000)).isFalse();
        long lie = Band.HARDWARE.measuredPpm(1_250_000, 2_272_000);
        assertThat(lie).isEqualTo(220_070);
        assertThat(Band.HARDWARE.isOffence(1_250_000, lie)).isTrue();
    }

    @Test
    void ofASimulatedCardOnlyALieByAMultipleIsToldFromNoise() {
        assertThat(Band.of(inventory("H200"))).isEqualTo(Band.SIMULATED);
        assertThat(Band.SIMULATED.measuredPpm(1_250_000, 1_333_000)).isEqualTo(1_250_000);
        long lie = Band.SIMULATED.measuredPpm(1_250_000, 2_272_000);
        assertThat(Band.SIMULATED.isOffence(1_250_000, lie)).isTrue();
        assertThat(Band.SIMULATED.isOffence(1_250_000, 375_000)).isFalse();
    }

    /** The lane was computed by a second implementation, in Python. */
    @Test
    void aLaneFollowsFromSeedGpuAndNumberAlone() {
        CapacityWork work = new CapacityWork(SEED, "SIM-1", 2, 1_000);
        assertThat(Long.toHexString(work.lane(1))).isEqualTo("a638bb5e611bdb9a");
        assertThat(work.lane(0)).isNotEqualTo(work.lane(1));
        assertThat(new CapacityWork(SEED, "SIM-2", 2, 1_000).lane(1)).isNotEqualTo(work.lane(1));
        assertThat(new CapacityWork(Hash32.ZERO, "SIM-1", 2, 1_000).lane(1)).isNotEqualTo(work.lane(1));
        assertThat(work.solve()).hasSize(16);
    }

    @Test
    void nobodyIsAskedForMoreThanTheLimit() {
        assertThatThrownBy(() -> new CapacityWork(SEED, "SIM-1", 65, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CapacityWork(SEED, "SIM-1", 1, 1_000_001))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new CapacityWork(SEED, "SIM-1", 64, 1_000_000).lanes()).isEqualTo(64);
    }

    private static CapacityWork card() {
        return new CapacityWork(SEED, "GPU-1", 1_024, 50, 5);
    }

    @Test
    void aRealCardFillsItsMemoryAndOwesRoundsByItsModel() {
        Inventory.Gpu h100 = new Inventory.Gpu("GPU-1", "H100", 81_559, 90, "580.65.06");
        Inventory.Gpu small = new Inventory.Gpu("GPU-2", "RTX 3090", 24_576, 86, "580.65.06");
        Inventory real =
                new Inventory("0x01", new Region("local"), List.of(h100, small), 8, 64_000, 500, 0, 0, "28.2", false);
        List<CapacityWork> work = CapacityWork.of(SEED, real, MODELS);
        assertThat(work).extracting(CapacityWork::rounds).containsExactly(512, 112);
        long filled = (long) work.get(0).blocks() * CapacityTable.BLOCK_BYTES >> 20;
        assertThat(filled).isBetween(81_559L * 84 / 100, 81_559L * 85 / 100);
    }

    /** The lanes were computed by a second implementation, in Python. */
    @Test
    void aCardsLaneFollowsFromItsMemoryToo() {
        assertThat(Long.toHexString(card().key())).isEqualTo("cad3c94162df41f3");
        assertThat(Long.toHexString(card().lane(0))).isEqualTo("b7a453b4ec8a045");
        assertThat(Long.toHexString(card().lane(1_023))).isEqualTo("e2a16371a1ac4095");
        assertThat(new CapacityWork(SEED, "GPU-1", 1_024, 50, 6).lane(0)).isNotEqualTo(card().lane(0));
    }

    /** The checker has no table, and the card has nothing else. */
    @Test
    void overTheTableALaneEndsAsWithoutIt() {
        long[] table = card().table();
        for (int lane = 0; lane < 40; lane++) {
            assertThat(card().lane(lane, table)).isEqualTo(card().lane(lane));
        }
    }

    @Test
    void whatACheckerDoesAgainIsBounded() {
        assertThatThrownBy(() -> new CapacityWork(SEED, "GPU-1", 8, 1, (1 << 23) + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CapacityWork(SEED, "GPU-1", 8, 4_097, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new CapacityWork(SEED, "GPU-1", 1 << 20, 4_096, 1 << 23).blocks())
                .isEqualTo(1 << 23);
    }
}
