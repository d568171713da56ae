package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.testing.Samples;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnweighedNeighboursTest {
    private static final Region NEAR = new Region("eu-west");
    private static final Region FAR = new Region("ap-south");

    private final Samples samples = new Samples(21);
    private final List<MachineId> machines =
            Stream.generate(samples::machine).limit(5).toList();
    private final List<Subject> subjects = machines.stream()
            .<Subject>map(machine -> new MachineSubject(machine, samples.wallet(), "0x"))
            .toList();

    private Map<MachineId, Integer> percents(Function<MachineId, @Nullable Region> regionOf, List<List<Long>> reports) {
        return UnweighedNeighbours.percents(subjects, reports, regionOf);
    }

    @Test
    void whoIsFarAwayBesideItsNeighboursCountsLess() {
        List<Long> report = List.of(100_000L, 100_000L, 100_000L, 105_000L, 220_000L);
        assertThat(percents(machine -> NEAR, List.of(report, report)))
                .isEqualTo(Map.of(
                        machines.get(0),
                        100,
                        machines.get(1),
                        100,
                        machines.get(2),
                        100,
                        machines.get(3),
                        100,
                        machines.get(4),
                        50));
    }

    @Test
    void aCheckerFarFromARegionHarmsNobodyThere() {
        List<Long> close = List.of(2_000L, 2_000L, 3_000L, 2_500L, 2_000L);
        List<Long> distant = List.of(250_000L, 251_000L, 252_000L, 249_000L, 250_000L);
        assertThat(percents(machine -> NEAR, List.of(close, distant)).values()).containsOnly(100);
    }

    @Test
    void regionsAreNotCompared() {
        List<Long> report = List.of(5_000L, 5_000L, 250_000L, 250_000L, 250_000L);
        assertThat(percents(machine -> machines.indexOf(machine) < 2 ? NEAR : FAR, List.of(report, report)))
                .as("two machines have no median worth the name")
                .containsOnlyKeys(machines.subList(2, 5))
                .containsValue(100);
    }

    @Test
    void oneMemberAloneSaysNothingAndTheMedianCounts() {
        List<Long> fair = List.of(10_000L, 10_000L, 10_000L, 10_000L, 10_000L);
        List<Long> liar = List.of(10_000L, 10_000L, 10_000L, 10_000L, 900_000L);
        assertThat(percents(machine -> NEAR, List.of(liar))).isEmpty();
        assertThat(percents(machine -> NEAR, List.of(fair, liar, fair)).get(machines.get(4)))
                .isEqualTo(100);
        assertThat(percents(machine -> NEAR, List.of(liar, liar, fair)).get(machines.get(4)))
                .isLessThan(5);
    }

    @Test
    void whatDidNotComeBackIsNoRoundTrip() {
        List<Long> report = List.of(10_000L, 10_000L, 10_000L, 0L, 10_000L);
        assertThat(percents(machine -> NEAR, List.of(report, report)))
                .doesNotContainKey(machines.get(3))
                .hasSize(4);
    }
}
