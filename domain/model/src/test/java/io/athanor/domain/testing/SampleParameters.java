package io.athanor.domain.testing;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.Accountability.Canaries;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Admission;
import io.athanor.domain.protocol.ProtocolParameters.Committee;
import io.athanor.domain.protocol.ProtocolParameters.Liveness;
import io.athanor.domain.protocol.ProtocolParameters.Market;
import io.athanor.domain.protocol.ProtocolParameters.Reward;
import io.athanor.domain.protocol.ProtocolParameters.Sla;
import io.athanor.domain.protocol.ProtocolParameters.Stake;
import io.athanor.domain.protocol.ProtocolParameters.Timing;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parameters within all bounds, for tests of rules; a network's own come from its profile. */
public final class SampleParameters {
    private SampleParameters() {}

    public static ProtocolParameters get() {
        return with(reward(2_000, 900_000, 1_000_000));
    }

    /** With rules for earnings: 180 days of vesting, 6,000 ATH of bonus a day, and shared providers' pools. */
    public static ProtocolParameters sharing() {
        ProtocolParameters p = get();
        return new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                p.reward(),
                p.stake(),
                p.market(),
                p.accountability(),
                Economy.STANDARD.withEarnings(new Economy.Earnings(180, Ath.ofWhole(6_000), 9_500, true)));
    }

    /** With a capacity test in a day of so many epochs; below 80 % nothing is earned. */
    public static ProtocolParameters testedDaily(int epochsPerDay) {
        return tested(epochsPerDay, new Admission.CapacityTests(90, 80, 70, 64));
    }

    /** As {@link #testedDaily}, and a proof ages in so many days. */
    public static ProtocolParameters provenEvery(int epochsPerDay, int days) {
        return tested(epochsPerDay, new Admission.CapacityTests(90, 80, 70, 64, days));
    }

    private static ProtocolParameters tested(int epochsPerDay, Admission.CapacityTests tests) {
        ProtocolParameters p = get();
        return new ProtocolParameters(
                p.profile(),
                new Timing(1_000, 10, epochsPerDay, 3_000, 3_000),
                new Admission(70, 8_192, 4, 16_384, 100, false, null, tests),
                p.liveness(),
                p.sla(),
                p.committee(),
                p.reward(),
                p.stake(),
                p.market(),
                p.accountability(),
                p.economy());
    }

    /** As {@link #sharing}, and checkers are paid by cases and quarters. */
    public static ProtocolParameters paying(CheckerPay pay) {
        ProtocolParameters p = sharing();
        Earnings e = Objects.requireNonNull(p.economics().earnings());
        return p.withEconomy(p.economics()
                .withEarnings(new Earnings(
                        e.vestingDays(), Ath.ZERO, e.bonusUptimeBps(), e.poolTakesShare(), e.slashedFirst(), pay)));
    }

    /** As {@link #sharing}, and new machines get half for seven days. */
    public static ProtocolParameters probation() {
        ProtocolParameters p = sharing();
        Accountability a = Accountability.STANDARD;
        Standing standing =
                new Standing(900_000, 700_000, 3, 3, 30, 7, 7, List.of(1, 1, 1, 1), 500_000L, true, 500_000L, null);
        return new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                p.reward(),
                p.stake(),
                p.market(),
                new Accountability(a.jail(), standing, a.credits(), a.penalties()),
                p.economics());
    }

    /** As {@link #get}, with a mystery shopper. */
    public static ProtocolParameters withCanaries(Wallet shopper, @Nullable Vetting vetting) {
        ProtocolParameters p = get();
        Accountability a = p.accountable();
        Canaries canaries = new Canaries(shopper, 2, Ath.ofWhole(10), vetting);
        return new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                p.reward(),
                p.stake(),
                p.market(),
                new Accountability(a.jail(), a.standing(), a.credits(), a.penalties(), canaries),
                p.economy());
    }

    public static ProtocolParameters with(Reward reward) {
        return new ProtocolParameters(
                "test",
                new Timing(1_000, 10, 6, 3_000, 3_000),
                new Admission(70, 8_192, 4, 16_384, 100, false),
                new Liveness(1_000, 4_000, 8_000, 300_000, 3),
                new Sla(990_000, 3, 600_000, 420_000),
                new Committee(5, 3, 7, 5, 1_000, false, 500, 1),
                reward,
                new Stake(Ath.ofWhole(10_000), Ath.ofWhole(10_000), 1_000),
                new Market(Ath.ofWei(1_000_000_000_000L), 60_000, 30_000, 60_000, 10_000));
    }

    public static Reward reward(long feeBps, long deliveryCapPpm, long treasurySharePpm) {
        return new Reward(
                List.of(240_000L, 180_000L, 140_000L, 110_000L, 90_000L, 70_000L, 60_000L, 50_000L, 30_000L, 30_000L),
                Ath.ofWhole(14_700_000_000L),
                Ath.ofWhole(6_300_000_000L),
                Ath.ofWhole(2_874_743),
                feeBps,
                deliveryCapPpm,
                treasurySharePpm,
                Map.of("H100", 1_000_000L, "RTX 4090", 400_000L));
    }
}
