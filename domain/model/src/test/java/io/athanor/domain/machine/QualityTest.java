package io.athanor.domain.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityTest {
    private static final ProtocolParameters PARAMETERS = SampleParameters.probation();
    private static final Standing RULES = PARAMETERS.accountable().standing();
    /** Of a network that began before days had to be looked at. */
    private static final Standing FIRST = Accountability.STANDARD.standing();

    private static final Samples SAMPLES = new Samples(1);
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
        assertThat(days(bad, 6, 14, 1, 1).days()).hasSize(Quality.DAYS_KEPT).containsKey(5L);
        assertThat(days(bad, 6, 15, 1, 1).days()).hasSize(Quality.DAYS_KEPT).doesNotContainKey(5L);
    }

    @Test
    void aMachineIsLowOnlyOverDaysOnWhichItWasLookedAt() {
        Quality quality = Quality.UNKNOWN.probed(4, 6, 10).probed(5, 6, 10);
        assertThat(quality.isLow(RULES, 5)).as("two days").isFalse();
        assertThat(quality.probed(6, 6, 10).isLow(RULES, 6)).isTrue();
        assertThat(quality.probed(6, 9, 10).isLow(RULES, 6)).as("70 % in all").isFalse();
        assertThat(quality.kept(6).isLow(RULES, 6)).as("nobody looked").isFalse();
    }

    @Test
    void aDayOnWhichNobodyLookedDoesNotHideThoseAroundIt() {
        Quality quality = Quality.UNKNOWN.probed(4, 6, 10).probed(5, 6, 10).probed(7, 6, 10);
        assertThat(quality.isLow(RULES, 7)).isTrue();
        assertThat(quality.ppmWithoutLosses(RULES, 7)).isEqualTo(600_000);
        assertThat(quality.isLow(FIRST, 7)).as("as it was").isFalse();
        assertThat(quality.kept(8).isLow(RULES, 8))
                .as("not looked at on this day")
                .isFalse();
        assertThat(Quality.UNKNOWN
                        .probed(4, 6, 10)
                        .probed(13, 6, 10)
                        .probed(14, 6, 10)
                        .isLow(RULES, 14))
                .as("too long ago")
                .isFalse();
    }

    private static final Quality ANSWERS =
            Quality.UNKNOWN.probed(4, 10, 10).probed(5, 10, 10).probed(6, 10, 10);

    /** Fifty leases a day for three days. */
    private static Quality losing(Ending ending, boolean byReceipt, Standing rules) {
        TaskId task = SAMPLES.task();
        Receipt receipt = byReceipt ? SAMPLES.receipt(task.lease(1), ending, 5_000) : null;
        Quality quality = ANSWERS;
        for (int lease = 0; lease < 150; lease++) {
            quality = quality.lost(
                    4 + lease / 50, new JobLost(task, task.lease(1), ending, "gone", receipt, Samples.at(3)), rules);
        }
        return quality;
    }

    @Test
    void onlyWhatWasLostByGoingAwayIsLeftToItsCase() {
        for (Ending ending : Ending.values()) {
            if (ending.cause() == Ending.Cause.PROVIDER) {
                Quality loses = losing(ending, false, RULES);
                assertThat(loses.ppm(RULES, 6)).as(ending.name()).isZero();
                assertThat(loses.isThrottled(RULES, TIER, 6)).isTrue();
                boolean apart = ending == Ending.MACHINE_OFFLINE;
                assertThat(loses.isLow(RULES, 6)).as(ending.name()).isEqualTo(!apart);
                assertThat(loses.days().get(6L)).extracting(Quality.Day::lost).isEqualTo(apart ? 50 : 0);
                assertThat(losing(ending, true, RULES).isLow(RULES, 6))
                        .as("%s by the machine's own word", ending)
                        .isTrue();
            }
        }
    }

    @Test
    void aFewFailuresSuspendNobody() {
        Quality four = ANSWERS.failed(5).failed(5).failed(6).failed(6);
        assertThat(four.isLow(RULES, 6)).isFalse();
        assertThat(four.isLow(FIRST, 6)).as("as it was").isTrue();
        assertThat(four.isThrottled(RULES, TIER, 6)).isTrue();
        assertThat(four.failed(6).isLow(RULES, 6)).isTrue();
    }

    @Test
    void anOldNetworkLeavesEveryLossAside() {
        Quality loses = losing(Ending.REFUSED_BY_AGENT, false, FIRST);
        assertThat(loses.isLow(FIRST, 6)).isFalse();
        assertThat(loses.days().get(6L)).extracting(Quality.Day::lost).isEqualTo(50);
        assertThat(loses.failed(6).isLow(FIRST, 6))
                .as("what it did not deliver")
                .isTrue();
    }

    /** Days of six epochs of three probes, of which {@code answered} of {@code asked} were answered. */
    private static Quality days(Quality quality, long from, long to, long answered, long asked) {
        Quality more = quality;
        for (long day = from; day <= to; day++) {
            more = more.probed(day, answered, asked);
        }
        return more;
    }

    private static boolean isClean(Quality quality, long suspended, long day) {
        return quality.isClean(PARAMETERS, suspended, day);
    }

    @Test
    void cleanAreDaysOnWhichSomebodyLookedAndNoneIsLow() {
        Quality clean = days(Quality.UNKNOWN, 5, 11, 13, 18);
        assertThat(isClean(clean, 4, 11)).isTrue();
        assertThat(isClean(clean, 4, 10)).as("six days").isFalse();
        assertThat(isClean(clean, 5, 11)).as("suspended on the first").isFalse();
        assertThat(isClean(clean.probed(11, 0, 5), 4, 11)).as("one of them low").isFalse();
        assertThat(isClean(days(clean.probed(4, 0, 18), 12, 12, 18, 18), 3, 12))
                .as("low before the seven")
                .isTrue();
    }

    @Test
    void daysAwayAreNoCleanDays() {
        assertThat(isClean(Quality.UNKNOWN, 4, 20)).isFalse();
        Quality away = days(days(Quality.UNKNOWN, 5, 7, 18, 18), 12, 14, 18, 18);
        assertThat(isClean(away, 4, 14)).as("six days").isFalse();
        assertThat(isClean(away.probed(15, 9, 9), 4, 15))
                .as("and a seventh, half of it")
                .isTrue();
        assertThat(isClean(away.probed(15, 8, 8), 4, 15)).as("less than half").isFalse();
        assertThat(isClean(away.probed(9, 1, 2).probed(15, 18, 18), 4, 15))
                .as("low in a part of a day")
                .isFalse();
    }

    @Test
    void inAnOldNetworkNobodyHasToLook() {
        Quality quality = Quality.UNKNOWN.probed(4, 69, 100).probed(5, 70, 100).probed(11, 10, 10);
        ProtocolParameters old = SampleParameters.sharing();
        assertThat(quality.isClean(old, 0, 10)).as("day 4 is one of seven").isFalse();
        assertThat(quality.isClean(old, 0, 11)).isTrue();
        assertThat(quality.isClean(old, 4, 10)).as("suspended on day 4").isTrue();
    }

    private static Standing since(int least) {
        return new Standing(900_000, 700_000, 3, 3, 30, 7, 7, List.of(1, 1, 1, 1), null, null, null, least);
    }

    @Test
    void anIdleMachineIsAsGoodAsTheNetworksMedian() {
        List<Quality> network = List.of(
                Quality.UNKNOWN.kept(5).failed(5),
                Quality.UNKNOWN.kept(5),
                Quality.UNKNOWN.kept(0).failed(0).kept(4).kept(4).kept(4).failed(5),
                Quality.UNKNOWN.failed(-3),
                Quality.UNKNOWN.probed(5, 1, 1));
        assertThat(Quality.idlePpm(network, since(3), 5))
                .as("500,000, 1,000,000 and four of six")
                .isEqualTo(666_666L);
        assertThat(Quality.idlePpm(network, since(4), 5))
                .as("only three had work in seven days")
                .isNull();
        assertThat(Quality.idlePpm(network, since(1), 4)).isEqualTo(800_000L);
        assertThat(Quality.idlePpm(network, RULES, 5)).as("no such rule").isNull();
        Quality idle = Quality.UNKNOWN.probed(5, 9, 10);
        assertThat(idle.scored(RULES, TIER, 5, 800_000L).parts().completion()).isEqualTo(800_000);
        assertThat(idle.scored(RULES, TIER, 5, 800_000L).ofDay()).isEqualTo(720_000);
        assertThat(idle.scored(RULES, TIER, 5, 800_000L).ppm()).isEqualTo(720_000);
        assertThat(idle.scored(RULES, TIER, 5, 800_000L).throttled())
                .as("what others did halves nobody")
                .isFalse();
        assertThat(idle.offered(RULES, TIER, 5, 800_000L)).isEqualTo(720_000);
        assertThat(idle.offered(RULES, TIER, 5, null)).isEqualTo(900_000);
        Quality works = idle.kept(5);
        assertThat(works.offered(RULES, TIER, 5, 800_000L))
                .as("it has a record of its own")
                .isEqualTo(900_000);
        assertThat(works.scored(RULES, TIER, 5, 800_000L).parts().completion()).isEqualTo(1_000_000);
    }

    @Test
    void theResponseIsTheMedianStarts() {
        Quality quality =
                Quality.UNKNOWN.started(5, 300, 20).started(5, 300, 600).started(5, 300, 400);
        assertThat(quality.scored(RULES, TIER, 5, null).parts().response()).isEqualTo(750_000);
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
        assertThat(quality.scored(RULES, TIER, 5, null))
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
        assertThat(quality.offered(RULES, TIER, 5, null)).isEqualTo(offered);
    }
}
