package io.athanor.domain.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.protocol.ProtocolParameters.Committee;
import io.athanor.domain.protocol.ProtocolParameters.Market;
import io.athanor.domain.protocol.ProtocolParameters.Reward;
import io.athanor.domain.protocol.ProtocolParameters.Stake;
import io.athanor.domain.protocol.ProtocolParameters.Timing;
import io.athanor.domain.testing.SampleParameters;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterBoundsTest {
    private final ProtocolParameters good = SampleParameters.get();

    private ProtocolParameters with(Timing timing, Committee committee, Stake stake, Market market) {
        return new ProtocolParameters(
                "test", timing, good.admission(), good.liveness(), good.sla(), committee, good.reward(), stake, market);
    }

    private static Reward years(List<Long> years, Map<String, Long> models) {
        Reward r = SampleParameters.reward(2_000, 900_000, 1_000_000);
        return new Reward(
                years,
                r.providerReserve(),
                r.checkerReserve(),
                r.checkerBasePerDay(),
                2_000,
                900_000,
                1_000_000,
                models);
    }

    private static void refused(ProtocolParameters parameters, String name) {
        assertThatThrownBy(() -> ParameterBounds.require(parameters))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.PARAMETER_OUT_OF_BOUNDS))
                .hasMessageContaining(name);
    }

    @Test
    void theSampleIsWithinAllBounds() {
        assertThatCode(() -> ParameterBounds.require(good)).doesNotThrowAnyException();
    }

    @Test
    void aDeliveryNeverEarnsMoreThanItsFeeOnceTheBoundsHold() {
        refused(SampleParameters.with(SampleParameters.reward(2_000, 900_001, 1_000_000)), "deliveryCapPpm");
        refused(SampleParameters.with(SampleParameters.reward(2_000, 900_000, 1_000_001)), "treasurySharePpm");
    }

    @Test
    void emissionIsAtMostTheReserveAndNeverNegative() {
        refused(SampleParameters.with(years(List.of(600_000L, 400_001L), Map.of())), "providerYearsPpm");
        refused(SampleParameters.with(years(List.of(1_200_000L, -300_000L), Map.of())), "providerYearsPpm");
        refused(SampleParameters.with(years(List.of(1L), Map.of("H100", 0L))), "modelPpm.H100");
    }

    @Test
    void aProofAgesInOneToThirtyDays() {
        refused(SampleParameters.provenEvery(6, 0), "admission.capacity.proofDays");
        refused(SampleParameters.provenEvery(6, 31), "admission.capacity.proofDays");
        assertThatCode(() -> ParameterBounds.require(SampleParameters.provenEvery(6, 30)))
                .doesNotThrowAnyException();
    }

    @Test
    void committeesHaveMajorities() {
        Committee even = new Committee(4, 2, 7, 5, 1_000, false, 500, 1);
        refused(with(good.timing(), even, good.stake(), good.market()), "committee.routineQuorum");
        Committee three = new Committee(4, 3, 7, 5, 1_000, false, 500, 1);
        assertThatCode(() -> ParameterBounds.require(with(good.timing(), three, good.stake(), good.market())))
                .doesNotThrowAnyException();
    }

    /** One figure out of its bound at a time, by its place in its section. */
    @ParameterizedTest
    @CsvSource({
        "timing, 0, 99, slotMillis",
        "timing, 1, 0, slotsPerEpoch",
        "timing, 2, 0, epochsPerDay",
        "timing, 3, 99, commitWindowMillis",
        "timing, 4, 99, revealWindowMillis",
        "timing, 4, 10001, revealWindowMillis",
        "timing, 4, 7001, commitWindowMillis + timing.revealWindowMillis",
        "liveness, 0, 99, heartbeatMillis",
        "liveness, 3, 0, leaseTtlMillis",
        "liveness, 1, 999, suspectMillis",
        "liveness, 2, 3999, offlineMillis",
        "liveness, 4, 0, probesPerEpoch",
        "sla, 0, 1000001, tierPpm",
        "sla, 1, 0, maxAttempts",
        "sla, 2, 0, queueTtlMillis",
        "sla, 3, 0, disputeWindowMillis",
        "committee, 0, 0, routineSeats",
        "committee, 3, 3, onboardingQuorum",
        "committee, 4, 0, operatorCapBps",
        "reward, 4, 3001, protocolFeeBps",
        "market, 2, 0, startTtlMillis",
        "market, 3, 0, minHoldMillis",
        "market, 4, 0, openJobsPerAccount",
        "market, 4, 10001, openJobsPerAccount"
    })
    void everyFigureHasItsBound(String section, int place, long value, String name)
            throws ReflectiveOperationException {
        RecordComponent[] sections = ProtocolParameters.class.getRecordComponents();
        Object[] parts = values(good, sections);
        for (int i = 0; i < sections.length; i++) {
            if (sections[i].getName().equals(section)) {
                Record part = (Record) parts[i];
                RecordComponent[] figures = part.getClass().getRecordComponents();
                Object[] changed = values(part, figures);
                changed[place] = figures[place].getType() == int.class ? (Object) (int) value : (Object) value;
                parts[i] = canonical(part.getClass(), figures).newInstance(changed);
            }
        }
        ProtocolParameters bad = (ProtocolParameters)
                canonical(ProtocolParameters.class, sections).newInstance(parts);
        refused(bad, name);
    }

    private static Constructor<?> canonical(Class<?> type, RecordComponent[] components) throws NoSuchMethodException {
        return type.getDeclaredConstructor(
                Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    }

    private static Object[] values(Record record, RecordComponent[] components) throws ReflectiveOperationException {
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = components[i].getAccessor().invoke(record);
        }
        return values;
    }

    @Test
    void windowsFitIntoAnEpoch() {
        Timing late = new Timing(1_000, 10, 6, 10_001, 3_000);
        refused(with(late, good.committee(), good.stake(), good.market()), "timing.commitWindowMillis");
    }

    @Test
    void stakeUnitsAndPricesAreAboveZero() {
        Stake dust = new Stake(Ath.ofWei(1), Ath.ofWhole(1), 1_000);
        refused(with(good.timing(), good.committee(), dust, good.market()), "stake.checkerUnit");
        Market free = new Market(Ath.ZERO, 1, 1, 1, 1);
        refused(with(good.timing(), good.committee(), good.stake(), free), "market.minPrice");
        Market never = new Market(Ath.ofWei(1), 1, 1, 0, 1);
        refused(with(good.timing(), good.committee(), good.stake(), never), "market.minHoldMillis");
    }
}
