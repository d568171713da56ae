package io.athanor.domain.protocol;

import io.athanor.domain.common.Ath;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every figure that governance may change, by section. Units are last in the names.
 *
 * <p>Invariant: {@link ParameterBounds#require} holds for every version that an event carries. The values of a
 * network come from a profile ({@code mainnet}, {@code aethir}, {@code devnet}) at genesis.
 *
 * @param profile where the values began, for people
 * @param accountability null in networks that began before it was stated; {@link #accountable()} gives the rules
 * @param economy null in networks that began before it was stated; {@link #economics()} gives the rules
 */
public record ProtocolParameters(
        String profile,
        Timing timing,
        Admission admission,
        Liveness liveness,
        Sla sla,
        Committee committee,
        Reward reward,
        Stake stake,
        Market market,
        @Nullable Accountability accountability,
        @Nullable Economy economy) {
    public ProtocolParameters(
            String profile,
            Timing timing,
            Admission admission,
            Liveness liveness,
            Sla sla,
            Committee committee,
            Reward reward,
            Stake stake,
            Market market) {
        this(profile, timing, admission, liveness, sla, committee, reward, stake, market, null, null);
    }

    /** What follows when a party does not do what it promised. */
    public Accountability accountable() {
        return accountability == null ? Accountability.STANDARD : accountability;
    }

    public ProtocolParameters withReward(Reward other) {
        return new ProtocolParameters(
                profile, timing, admission, liveness, sla, committee, other, stake, market, accountability, economy);
    }

    public ProtocolParameters withTiming(Timing other) {
        return new ProtocolParameters(
                profile, other, admission, liveness, sla, committee, reward, stake, market, accountability, economy);
    }

    public ProtocolParameters withEconomy(@Nullable Economy other) {
        return new ProtocolParameters(
                profile, timing, admission, liveness, sla, committee, reward, stake, market, accountability, other);
    }

    /** With another set's rewards, fees, emission and what becomes of them. */
    public ProtocolParameters withRewardsOf(ProtocolParameters other) {
        Economy mixed = sameEarnings(other)
                ? economy
                : economics().withEarnings(other.economics().earnings());
        return withReward(other.reward).withEconomy(mixed);
    }

    /** With another set's penalties, standing, credits and jail. */
    public ProtocolParameters withPenaltiesOf(ProtocolParameters other) {
        return new ProtocolParameters(
                profile,
                timing,
                admission,
                liveness,
                sla,
                committee,
                reward,
                stake,
                market,
                other.accountability,
                economy);
    }

    public boolean sameRewards(ProtocolParameters other) {
        return reward.equals(other.reward) && sameEarnings(other);
    }

    private boolean sameEarnings(ProtocolParameters other) {
        return Objects.equals(economics().earnings(), other.economics().earnings());
    }

    /** What delegation and voting follow. */
    public Economy economics() {
        return economy == null ? Economy.STANDARD : economy;
    }

    /** The network's rhythm. An epoch is {@code slotsPerEpoch} slots, a settlement day {@code epochsPerDay} epochs. */
    public record Timing(
            long slotMillis, int slotsPerEpoch, int epochsPerDay, long commitWindowMillis, long revealWindowMillis) {
        public long epochMillis() {
            return slotMillis * slotsPerEpoch;
        }

        public long dayMillis() {
            return epochMillis() * epochsPerDay;
        }
    }

    /**
     * What a machine needs to join. Compute capability times ten.
     *
     * @param line null in networks that began before it was stated: no line is measured
     * @param capacity null in networks that began before it was stated: nobody is tested after its inspection
     */
    public record Admission(
            int minCapability,
            long minVramMib,
            int minThreadsPerGpu,
            long minMemoryMibPerGpu,
            long minDiskGibPerGpu,
            boolean allowSimulated,
            @Nullable Line line,
            @Nullable CapacityTests capacity) {
        /** Without a requirement for the line, and without daily tests. */
        public Admission(
                int minCapability,
                long minVramMib,
                int minThreadsPerGpu,
                long minMemoryMibPerGpu,
                long minDiskGibPerGpu,
                boolean allowSimulated) {
            this(
                    minCapability,
                    minVramMib,
                    minThreadsPerGpu,
                    minMemoryMibPerGpu,
                    minDiskGibPerGpu,
                    allowSimulated,
                    null,
                    null);
        }

        /**
         * The daily test of what a machine's GPUs can do, in percent of its certificate.
         *
         * @param warnPercent below it the owner is warned
         * @param unpaidPercent below it the machine earns nothing for its capacity for a day
         * @param offencePercent below it the certificate was a false claim; of machines with real GPUs
         * @param mostMachines that are tested in one epoch
         * @param proofDays settlement days after which a machine that missed a draw by its own doing earns nothing for its
         *     capacity until a test finds it whole; null in networks that began before it was stated
         */
        public record CapacityTests(
                int warnPercent,
                int unpaidPercent,
                int offencePercent,
                int mostMachines,
                @Nullable Integer proofDays) {
            /** Where a proof does not age. */
            public CapacityTests(int warnPercent, int unpaidPercent, int offencePercent, int mostMachines) {
                this(warnPercent, unpaidPercent, offencePercent, mostMachines, null);
            }
        }

        /**
         * What each member of an inspection measures between itself and the machine.
         *
         * @param bytes sent each way
         */
        public record Line(long minDownMbit, long minUpMbit, int bytes) {
            private static final long PPM = 1_000_000;

            /** What a line carries of what is needed, the worse of both ways, in ppm. Speeds in Mbit/s. */
            public long carriesPpm(long downMbit, long upMbit) {
                return Math.min(downMbit * PPM / minDownMbit, upMbit * PPM / minUpMbit);
            }

            /** Whether that is enough. */
            public boolean isEnough(long downMbit, long upMbit) {
                return carriesPpm(downMbit, upMbit) >= PPM;
            }
        }
    }

    /** When a machine counts as gone. */
    public record Liveness(
            long heartbeatMillis, long suspectMillis, long offlineMillis, long leaseTtlMillis, int probesPerEpoch) {}

    /** What an agreement promises. Tier in ppm of lease uptime. */
    public record Sla(long tierPpm, int maxAttempts, long queueTtlMillis, long disputeWindowMillis) {}

    /**
     * Committees: drawn seats and the quorum of them.
     *
     * @param interestBps a delegation of more than this share of a pool keeps a checker from judging its holder, or the pool's
     *     machines; null in networks that began before it was stated: delegations are no interest
     */
    public record Committee(
            int routineSeats,
            int routineQuorum,
            int onboardingSeats,
            int onboardingQuorum,
            long operatorCapBps,
            boolean excludeNetworkGroups,
            long throughputToleranceBps,
            long redrawsMax,
            @Nullable Integer interestBps) {
        /** Without interests by delegation. */
        public Committee(
                int routineSeats,
                int routineQuorum,
                int onboardingSeats,
                int onboardingQuorum,
                long operatorCapBps,
                boolean excludeNetworkGroups,
                long throughputToleranceBps,
                long redrawsMax) {
            this(
                    routineSeats,
                    routineQuorum,
                    onboardingSeats,
                    onboardingQuorum,
                    operatorCapBps,
                    excludeNetworkGroups,
                    throughputToleranceBps,
                    redrawsMax,
                    null);
        }
    }

    /**
     * Rewards and fees.
     *
     * @param providerYearsPpm the provider pool by year, in ppm of the providers' reserve
     * @param modelPpm K(model): capacity weight relative to an H100, in ppm
     */
    public record Reward(
            List<Long> providerYearsPpm,
            Ath providerReserve,
            Ath checkerReserve,
            Ath checkerBasePerDay,
            long protocolFeeBps,
            long deliveryCapPpm,
            long treasurySharePpm,
            Map<String, Long> modelPpm) {
        public Reward {
            providerYearsPpm = List.copyOf(providerYearsPpm);
            modelPpm = Map.copyOf(modelPpm);
        }
    }

    /**
     * When a checker is jailed, and how far numbers may differ.
     *
     * @param windowDays settlement days whose rounds count
     * @param wrongRounds at least so many of them wrong, and more than {@code wrongBps} of all
     * @param jailDays without tasks
     * @param numberToleranceBps of numbers other than throughput
     */
    public record Jail(int windowDays, int wrongRounds, long wrongBps, int jailDays, long numberToleranceBps) {}

    /**
     * Stake that licences need.
     *
     * @param providerPerGpu what stands behind one H100; other GPUs by {@code Reward.modelPpm}
     * @param offerBps the share of it that an offer commits to its machine; null in networks that began before it was
     *     stated, where an offer commits nothing
     */
    public record Stake(
            Ath checkerUnit,
            Ath providerPerGpu,
            long selfBondBps,
            @Nullable Integer offerBps) {
        /** Where offers commit nothing. */
        public Stake(Ath checkerUnit, Ath providerPerGpu, long selfBondBps) {
            this(checkerUnit, providerPerGpu, selfBondBps, null);
        }
    }

    /** Orders and offers. */
    public record Market(
            Ath minPrice, long offerTtlMillis, long startTtlMillis, long minHoldMillis, int openJobsPerAccount) {}
}
