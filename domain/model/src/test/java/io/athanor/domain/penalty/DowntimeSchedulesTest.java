package io.athanor.domain.penalty;

import static io.athanor.domain.testing.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.penalty.DowntimeSchedules.Since;
import io.athanor.domain.penalty.Offence.Agreed;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.protocol.Accountability.Band;
import io.athanor.domain.protocol.Accountability.Schedule;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Three schedules: mild for versions 1 and 2, harsh from 3 on, flat from 5 on. */
class DowntimeSchedulesTest {
    private static final ProtocolParameters RULES = SampleParameters.get();
    private static final long DAY = 86_400_000;
    private static final DowntimeSchedules ALL = new DowntimeSchedules(List.of(
            new Since(1, graded(new Band(60_000, 100), new Band(600_000, 500))),
            new Since(3, graded(new Band(30_000, 2_000), new Band(900_000, 10_000))),
            new Since(5, new DowntimeSchedule(Schedule.FLAT, List.of(new Band(60_000, 10_000)), 3_333, DAY))));

    private final Samples samples = new Samples(31);

    private static DowntimeSchedule graded(Band... bands) {
        return new DowntimeSchedule(Schedule.GRADED, List.of(bands), 0, DAY);
    }

    private Downtime outage(@Nullable Agreed... agreements) {
        List<LostLease> leases = new ArrayList<>();
        for (Agreed agreed : agreements) {
            Instant end = START.plus(Duration.ofDays(9));
            leases.add(new LostLease(samples.task().lease(1), samples.wallet(), 2, Ath.ofWei(7), end, agreed));
        }
        PoolId accused = PoolId.ofProvider(samples.wallet());
        return Downtime.of(accused, samples.machine(), START, leases, Ath::ofWhole, List.of(), List.of());
    }

    private static Agreed agreed(int version, long stake) {
        return new Agreed(version, Ath.ofWei(stake));
    }

    private static long rate(Downtime outage, long millis) {
        return ALL.rateBps(outage, null, START.plusMillis(millis), RULES);
    }

    @Test
    void anOutageIsChargedByTheScheduleOfItsLeases() {
        assertThat(rate(outage(agreed(1, 5)), 60_001)).isEqualTo(100);
        assertThat(rate(outage(agreed(2, 5)), 60_001))
                .as("no other than version 1's")
                .isEqualTo(100);
        assertThat(rate(outage(agreed(4, 5)), 60_001)).isEqualTo(2_000);
        assertThat(rate(outage(agreed(9, 5)), 60_001)).isEqualTo(3_333);
        assertThat(rate(outage(agreed(1, 5)), 60_000)).isZero();
    }

    @Test
    void leasesOfSeveralSchedulesCostTheMeanByTheirStakesRoundedUp() {
        assertThat(rate(outage(agreed(1, 300), agreed(3, 100)), 60_001)).isEqualTo(575);
        assertThat(rate(outage(agreed(1, 2), agreed(3, 1)), 60_001)).isEqualTo(734);
        assertThat(rate(outage(agreed(1, 2), agreed(3, 1)), 30_001)).isEqualTo(667);
        assertThat(outage(agreed(1, 300), agreed(3, 100)).required()).isEqualTo(Ath.ofWei(400));
        assertThat(rate(outage(agreed(1, 0), agreed(3, 0)), 60_001)).isEqualTo(2_000);
    }

    @Test
    void theCaseWaitsForTheLastBandOfEachSchedule() {
        Downtime mixed = outage(agreed(1, 1), agreed(3, 1));
        assertThat(ALL.nextRise(mixed, START, RULES)).isEqualTo(START.plusMillis(30_001));
        assertThat(ALL.nextRise(mixed, START.plusMillis(30_001), RULES)).isEqualTo(START.plusMillis(60_001));
        assertThat(ALL.nextRise(mixed, START.plusMillis(900_001), RULES)).isNull();
        assertThat(ALL.isTop(mixed, rate(mixed, 899_999), RULES)).isFalse();
        assertThat(ALL.isTop(mixed, rate(mixed, 900_001), RULES)).isTrue();
    }

    @Test
    void withoutATermInOneAgreementTheParametersInForceCount() {
        Downtime older = outage(agreed(1, 5), null);
        Instant now = START.plusMillis(200_000);
        assertThat(older.isAgreed()).isFalse();
        assertThat(older.required()).as("of the four GPUs").isEqualTo(Ath.ofWhole(4));
        assertThat(ALL.rateBps(older, null, now, RULES)).isEqualTo(PenaltyPolicy.rateBps(older, null, now, RULES));
        assertThat(PenaltyPolicy.versionOf(older, RULES)).isEqualTo(PenaltyPolicy.STAKE_ALONE);
        Downtime newer = outage(agreed(1, 5));
        assertThat(PenaltyPolicy.versionOf(newer, RULES)).isEqualTo(PenaltyPolicy.AGREED_STAKE_ALONE);
    }

    @Test
    void onlyAnotherScheduleIsKept() {
        DowntimeSchedules known = DowntimeSchedules.NONE;
        for (int version = 2; version < 6; version++) {
            known = known.with(new ParametersActivated(version, RULES, version, START));
        }
        assertThat(known.all()).containsExactly(new Since(2, DowntimeSchedule.of(RULES)));
        assertThat(known.of(5)).isEqualTo(DowntimeSchedule.of(RULES));
        DowntimeSchedules late = known;
        assertThatThrownBy(() -> late.of(1)).isInstanceOf(IllegalStateException.class);
    }
}
