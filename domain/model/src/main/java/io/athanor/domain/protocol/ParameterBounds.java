package io.athanor.domain.protocol;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import io.athanor.domain.protocol.ProtocolParameters.Admission.Line;
import org.jspecify.annotations.Nullable;

/** The bounds that no parameter set may leave, whoever proposes it. */
public final class ParameterBounds {
    private static final long PPM = 1_000_000;
    private static final long BPS = 10_000;
    private static final long PERCENT = 100;
    /** As many draws as are remembered of a machine, with room for books that are late. */
    private static final int MAX_PROOF_DAYS = 30;

    private static final long MAX_FEE_BPS = 3_000;
    private static final long MAX_MODEL_PPM = 100 * PPM;
    private static final long MAX_MBIT = 1_000_000;
    private static final long MAX_MILLIS = 366L * 24 * 3_600_000;
    /** Keeps the number of stake units far inside a long. */
    private static final Ath LEAST_UNIT = Ath.ofWhole(1);

    private static final long MAX_OFFER_BPS = 10_000;

    private ParameterBounds() {}

    /** Error: {@link Refused} PARAMETER_OUT_OF_BOUNDS, naming the parameter. */
    public static void require(ProtocolParameters p) {
        within("timing.slotMillis", p.timing().slotMillis(), 100, 3_600_000);
        within("timing.slotsPerEpoch", p.timing().slotsPerEpoch(), 1, 1_000);
        within("timing.epochsPerDay", p.timing().epochsPerDay(), 1, 1_000);
        within(
                "timing.commitWindowMillis",
                p.timing().commitWindowMillis(),
                100,
                p.timing().epochMillis());
        within(
                "timing.revealWindowMillis",
                p.timing().revealWindowMillis(),
                100,
                p.timing().epochMillis());
        within(
                "timing.commitWindowMillis + timing.revealWindowMillis",
                p.timing().commitWindowMillis() + p.timing().revealWindowMillis(),
                200,
                p.timing().epochMillis());
        within("liveness.heartbeatMillis", p.liveness().heartbeatMillis(), 100, 3_600_000);
        within("liveness.leaseTtlMillis", p.liveness().leaseTtlMillis(), 1, MAX_MILLIS);
        within(
                "liveness.suspectMillis",
                p.liveness().suspectMillis(),
                p.liveness().heartbeatMillis(),
                3_600_000);
        within(
                "liveness.offlineMillis",
                p.liveness().offlineMillis(),
                p.liveness().suspectMillis(),
                86_400_000);
        within("liveness.probesPerEpoch", p.liveness().probesPerEpoch(), 1, 100);
        within("sla.tierPpm", p.sla().tierPpm(), 0, PPM);
        within("sla.maxAttempts", p.sla().maxAttempts(), 1, 100);
        committee(
                "committee.routine", p.committee().routineSeats(), p.committee().routineQuorum());
        committee(
                "committee.onboarding",
                p.committee().onboardingSeats(),
                p.committee().onboardingQuorum());
        line(p.admission().line());
        capacity(p.admission().capacity());
        Integer interest = p.committee().interestBps();
        within("committee.interestBps", interest == null ? BPS : interest, 1, BPS);
        within("committee.operatorCapBps", p.committee().operatorCapBps(), 1, BPS);
        within("reward.protocolFeeBps", p.reward().protocolFeeBps(), 0, MAX_FEE_BPS);
        within("reward.deliveryCapPpm", p.reward().deliveryCapPpm(), 0, 900_000);
        within("reward.treasurySharePpm", p.reward().treasurySharePpm(), 0, PPM);
        long emitted = p.reward().providerYearsPpm().stream()
                .mapToLong(Long::longValue)
                .sum();
        within("reward.providerYearsPpm", emitted, 0, PPM);
        p.reward().providerYearsPpm().forEach(year -> within("reward.providerYearsPpm", year, 0, PPM));
        p.reward().modelPpm().forEach((model, ppm) -> within("reward.modelPpm." + model, ppm, 1, MAX_MODEL_PPM));
        market(p);
        AccountabilityBounds.require(p.accountable());
        EconomyBounds.require(p.economics());
    }

    private static void market(ProtocolParameters p) {
        within("sla.queueTtlMillis", p.sla().queueTtlMillis(), 1, MAX_MILLIS);
        within("sla.disputeWindowMillis", p.sla().disputeWindowMillis(), 1, MAX_MILLIS);
        within("market.startTtlMillis", p.market().startTtlMillis(), 1, MAX_MILLIS);
        within("market.minHoldMillis", p.market().minHoldMillis(), 1, MAX_MILLIS);
        within("market.openJobsPerAccount", p.market().openJobsPerAccount(), 1, Limits.OPEN_JOBS_PER_ACCOUNT);
        Refused.unless(
                !p.market().minPrice().isZero(), Reason.PARAMETER_OUT_OF_BOUNDS, "market.minPrice must be above zero");
        Refused.unless(
                p.stake().checkerUnit().covers(LEAST_UNIT),
                Reason.PARAMETER_OUT_OF_BOUNDS,
                "stake.checkerUnit must be at least " + LEAST_UNIT.display());
        Integer offerBps = p.stake().offerBps();
        within("stake.offerBps", offerBps == null ? 0 : offerBps, 0, MAX_OFFER_BPS);
    }

    private static void capacity(@Nullable CapacityTests tests) {
        if (tests != null) {
            within("admission.capacity.warnPercent", tests.warnPercent(), tests.unpaidPercent(), PERCENT);
            within("admission.capacity.unpaidPercent", tests.unpaidPercent(), tests.offencePercent(), PERCENT);
            within("admission.capacity.offencePercent", tests.offencePercent(), 1, PERCENT);
            within("admission.capacity.mostMachines", tests.mostMachines(), 1, Limits.CAPACITY_TESTS);
            Integer days = tests.proofDays();
            within("admission.capacity.proofDays", days == null ? 1 : days, 1, MAX_PROOF_DAYS);
        }
    }

    private static void line(@Nullable Line line) {
        if (line != null) {
            within("admission.line.minDownMbit", line.minDownMbit(), 1, MAX_MBIT);
            within("admission.line.minUpMbit", line.minUpMbit(), 1, MAX_MBIT);
            within("admission.line.bytes", line.bytes(), 1, Limits.BANDWIDTH_BYTES);
        }
    }

    static void committee(String name, int seats, int quorum) {
        within(name + "Seats", seats, 1, 100);
        within(name + "Quorum", quorum, seats / 2 + 1, seats);
    }

    static void within(String name, long value, long low, long high) {
        Refused.unless(
                value >= low && value <= high,
                Reason.PARAMETER_OUT_OF_BOUNDS,
                name + " must lie in " + low + ".." + high + ", is " + value);
    }
}
