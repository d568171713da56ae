package io.athanor.domain.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.Accountability.Standing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityTest {
    private static final Standing RULES = Accountability.STANDARD.standing();
    private static final long TIER = 990_000;

    @Test
    void whatNobodyLookedAtLowersNothing() {
        assertThat(Quality.UNKNOWN.ppm(RULES, 5)).isEqualTo(1_000_000);
        assertThat(Quality.UNKNOWN.isThrottled(RULES, TIER, 5)).isFalse();
    }

    @Test
    void uptimeAndCompletionMultiply() {
        Quality quality =
                Quality.UNKNOWN.probed(5, 9, 10).kept(5).kept(5).kept(5).failed(5);
        assertThat(quality.ppm(RULES, 5)).isEqualTo(675_000);
        assertThat(quality.days().get(5L)).isEqualTo(new Quality.Day(9, 10, 3, 1));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1000000", "1, 0, 900000", "2, 0, 810000", "4, 0, 656100", "0, 2, 250000", "2, 1, 405000"})
    void theExponentsWeighTheParts(int uptime, int completion, long ppm) {
        Quality.Day day = new Quality.Day(9, 10, 1, 1);
        assertThat(day.ppm(List.of(uptime, completion, 1, 1))).isEqualTo(ppm);
    }

    @Test
    void onlyTheNewestDaysCountAndOldOnesAreLetGo() {
        Quality bad = Quality.UNKNOWN.probed(5, 0, 10);
        assertThat(bad.probed(7, 10, 10).ppm(RULES, 7)).isEqualTo(500_000);
        assertThat(bad.probed(8, 10, 10).ppm(RULES, 8)).as("three days back").isEqualTo(1_000_000);
        assertThat(bad.probed(12, 1, 1).days()).containsOnlyKeys(12L);
        assertThat(bad.probed(11, 1, 1).days()).containsOnlyKeys(5L, 11L);
    }

    @ParameterizedTest
    @CsvSource({"891, false, 891000", "890, true, 445000"})
    void belowNineTenthsOfItsTierAMachineCountsHalf(long answered, boolean throttled, long offered) {
        Quality quality = Quality.UNKNOWN.probed(5, answered, 1_000);
        assertThat(quality.isThrottled(RULES, TIER, 5)).isEqualTo(throttled);
        assertThat(quality.offered(RULES, TIER, 5)).isEqualTo(offered);
    }
}
