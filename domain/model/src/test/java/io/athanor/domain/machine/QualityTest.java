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
        assertThat(bad.probed(15, 1, 1).days()).containsOnlyKeys(15L);
        assertThat(bad.probed(14, 1, 1).days()).containsOnlyKeys(5L, 14L);
    }

    @Test
    void aMachineIsLowOnlyOverDaysOnWhichItWasLookedAt() {
        Quality quality = Quality.UNKNOWN.probed(4, 6, 10).probed(5, 6, 10);
        assertThat(quality.isLow(RULES, 5)).as("two days").isFalse();
        assertThat(quality.probed(6, 6, 10).isLow(RULES, 6)).isTrue();
        assertThat(quality.probed(6, 9, 10).isLow(RULES, 6)).as("70 % in all").isFalse();
        assertThat(quality.kept(6).isLow(RULES, 6)).as("nobody looked").isFalse();
        Quality loses = Quality.UNKNOWN
                .probed(4, 9, 10)
                .probed(5, 9, 10)
                .probed(6, 9, 10)
                .kept(6);
        assertThat(loses.lost(6).lost(6).isLow(RULES, 6))
                .as("lost leases have their cases")
                .isFalse();
        assertThat(loses.lost(6).lost(6).isThrottled(RULES, TIER, 6)).isTrue();
        assertThat(loses.failed(6).failed(6).isLow(RULES, 6)).isTrue();
    }

    @Test
    void cleanAreDaysOfWhichNoneIsLow() {
        Quality quality = Quality.UNKNOWN.probed(4, 69, 100).probed(5, 70, 100).probed(11, 10, 10);
        assertThat(quality.isClean(RULES, 0, 10)).as("day 4 is one of seven").isFalse();
        assertThat(quality.isClean(RULES, 0, 11)).isTrue();
        assertThat(quality.isClean(RULES, 4, 10)).as("suspended on day 4").isTrue();
    }

    @Test
    void theResponseIsTheMedianStarts() {
        Quality quality =
                Quality.UNKNOWN.started(5, 300, 20).started(5, 300, 600).started(5, 300, 400);
        assertThat(quality.scored(RULES, TIER, 5).parts().response()).isEqualTo(750_000);
        assertThat(quality.ppm(RULES, 5)).isEqualTo(750_000);
        assertThat(quality.started(5, 300, 0).ppm(RULES, 5))
                .as("of two in the middle the better")
                .isEqualTo(1_000_000);
    }

    @Test
    void theLatencyIsThatOfOneRoundInTwenty() {
        Quality quality = Quality.UNKNOWN.near(5, 40);
        for (int round = 1; round < 19; round++) {
            quality = quality.near(5, 100);
        }
        assertThat(quality.ppm(RULES, 5)).as("nineteen rounds say nothing").isEqualTo(1_000_000);
        assertThat(quality.near(5, 50).ppm(RULES, 5)).as("one bad round more").isEqualTo(500_000);
        assertThat(quality.near(5, 100).ppm(RULES, 5))
                .as("one bad round of twenty")
                .isEqualTo(1_000_000);
    }

    @Test
    void whatIsToldOfADayHasItsParts() {
        Quality quality =
                Quality.UNKNOWN.probed(4, 10, 10).probed(5, 1, 2).kept(5).failed(5);
        assertThat(quality.scored(RULES, TIER, 5))
                .isEqualTo(new Quality.Scored(
                        5,
                        new Quality.Day(1, 2, 1, 1),
                        new Quality.Parts(500_000, 500_000, 1_000_000, 1_000_000),
                        250_000,
                        458_333,
                        true));
    }

    @ParameterizedTest
    @CsvSource({"891, false, 891000", "890, true, 445000"})
    void belowNineTenthsOfItsTierAMachineCountsHalf(long answered, boolean throttled, long offered) {
        Quality quality = Quality.UNKNOWN.probed(5, answered, 1_000);
        assertThat(quality.isThrottled(RULES, TIER, 5)).isEqualTo(throttled);
        assertThat(quality.offered(RULES, TIER, 5)).isEqualTo(offered);
    }
}
