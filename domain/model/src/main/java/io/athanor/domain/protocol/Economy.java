package io.athanor.domain.protocol;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import org.jspecify.annotations.Nullable;

/**
 * What delegation and voting follow. Days are settlement days, so they shrink with a network's rhythm.
 *
 * <p>Invariant: {@link EconomyBounds#require} holds for every version that an event carries.
 *
 * @param earnings null in networks that began before it was stated: emission is spendable at once, is shared in checkers'
 *     pools alone, and there is no bonus
 * @param emergency null in networks that have no guardian
 */
public record Economy(
        Delegation delegation,
        Governance governance,
        @Nullable Earnings earnings,
        @Nullable Emergency emergency) {
    /** Without a guardian. */
    public Economy(Delegation delegation, Governance governance, @Nullable Earnings earnings) {
        this(delegation, governance, earnings, null);
    }

    /** Without rules for earnings. */
    public Economy(Delegation delegation, Governance governance) {
        this(delegation, governance, null, null);
    }

    public Economy withEarnings(@Nullable Earnings other) {
        return new Economy(delegation, governance, other, emergency);
    }

    /** What a network follows whose parameters do not say otherwise. */
    public static final Economy STANDARD = new Economy(
            new Delegation(16, 21, 30, Ath.ofWhole(1), 500, 3_000, 100, 500, 7),
            new Governance(1_000, Ath.ofWhole(1_000), 2, 7, 2_000, 5_000, 6_667, 3_340, 2, 2, 7, 1_461));

    /**
     * What becomes of emission.
     *
     * @param vestingDays from earning to the last part's freedom; 0 where it is free at once
     * @param checkerBonusPerDay beside the base, from the checkers' reserve, in wei a settlement day
     * @param bonusUptimeBps of an epoch's rounds that a checker must have taken part in; more than this
     * @param poolTakesShare whether a provider's delegators share its emission as a checker's do
     * @param slashedFirst whether a penalty takes what is vesting before it takes stake; null in networks that began before it
     *     was stated, where it takes stake alone
     * @param checkers null in networks that began before it was stated: the bonus is an epoch's, and case committees earn as
     *     others do
     * @param offerPriceBps capacity is paid to machines that take work and are offered at no more than this share of the median
     *     price of their model; null in networks that began before it was stated, where neither is asked for
     */
    public record Earnings(
            int vestingDays,
            Ath checkerBonusPerDay,
            int bonusUptimeBps,
            boolean poolTakesShare,
            @Nullable Boolean slashedFirst,
            @Nullable CheckerPay checkers,
            @Nullable Integer offerPriceBps) {
        /** Where nobody asks for an offer. */
        public Earnings(
                int vestingDays,
                Ath checkerBonusPerDay,
                int bonusUptimeBps,
                boolean poolTakesShare,
                @Nullable Boolean slashedFirst,
                @Nullable CheckerPay checkers) {
            this(vestingDays, checkerBonusPerDay, bonusUptimeBps, poolTakesShare, slashedFirst, checkers, null);
        }

        /** Where the bonus is an epoch's. */
        public Earnings(
                int vestingDays,
                Ath checkerBonusPerDay,
                int bonusUptimeBps,
                boolean poolTakesShare,
                @Nullable Boolean slashedFirst) {
            this(vestingDays, checkerBonusPerDay, bonusUptimeBps, poolTakesShare, slashedFirst, null);
        }

        /** Where penalties take stake alone. */
        public Earnings(int vestingDays, Ath checkerBonusPerDay, int bonusUptimeBps, boolean poolTakesShare) {
            this(vestingDays, checkerBonusPerDay, bonusUptimeBps, poolTakesShare, null);
        }
    }

    /**
     * What checkers are paid beside the base.
     *
     * @param caseFee for each member of a case's committee that revealed, in wei, out of the epoch's base
     * @param quarterBonus at the end of each of {@link #QUARTERS} quarters, in wei, from the checkers' reserve
     * @param quarterDays settlement days
     */
    public record CheckerPay(Ath caseFee, Ath quarterBonus, int quarterDays) {
        /** Four years of them. */
        public static final int QUARTERS = 16;

        /** Which quarter an epoch lies in, from 0. */
        public long quarter(long epoch, int epochsPerDay) {
            return epoch / ((long) quarterDays * epochsPerDay);
        }

        /** Whether the epoch is the last of a quarter that is paid for. */
        public boolean pays(long epoch, int epochsPerDay) {
            long quarter = quarter(epoch, epochsPerDay);
            return quarter < QUARTERS && quarter(epoch + 1, epochsPerDay) > quarter;
        }
    }

    /**
     * Who may stop new work for a while.
     *
     * @param pauseDays a pause lasts at most so long, and is followed by as long a time without one
     */
    public record Emergency(Wallet guardian, int pauseDays) {}

    /**
     * Stake pools.
     *
     * @param ratio others' stake by the operator's own, at most
     * @param checkerUnbondingDays from the beginning of unbonding to its maturity
     * @param providerUnbondingDays the same in a provider's pool
     * @param minDelegation at a time
     * @param commissionNoticeDays between a raise's announcement and its beginning
     */
    public record Delegation(
            long ratio,
            int checkerUnbondingDays,
            int providerUnbondingDays,
            Ath minDelegation,
            int commissionMinBps,
            int commissionMaxBps,
            int commissionRaiseDayBps,
            int commissionRaiseMonthBps,
            int commissionNoticeDays) {}

    /**
     * Votes.
     *
     * @param thresholdPpm of all voting power that a proposer needs
     * @param deposit returned unless a veto defeats the proposal
     * @param delayDays between submission and the first vote
     * @param quorumBps of all voting power that must vote
     * @param passBps of for and against that must be for; more than this
     * @param weightyPassBps the same for slashing table, emission and upgrades
     * @param vetoBps of all votes that defeats whatever else was said
     * @param extensionDays by which a quorum reached late puts off the end
     * @param timelockDays between passing and execution
     * @param upgradeTimelockDays the same for upgrades
     * @param fullLockDays the lock that doubles a vote's weight
     * @param reportRequired whether a change of parameters names its what-if report; null in networks that began before it
     *     was stated, where it may do without
     * @param upgrade null in networks that began before it was stated, where an upgrade is announced and nobody counts who is
     *     ready
     */
    public record Governance(
            long thresholdPpm,
            Ath deposit,
            int delayDays,
            int votingDays,
            int quorumBps,
            int passBps,
            int weightyPassBps,
            int vetoBps,
            int extensionDays,
            int timelockDays,
            int upgradeTimelockDays,
            int fullLockDays,
            @Nullable Boolean reportRequired,
            @Nullable Upgrades upgrade) {
        /** Where reports are a proposer's choice and nobody counts who is ready. */
        public Governance(
                long thresholdPpm,
                Ath deposit,
                int delayDays,
                int votingDays,
                int quorumBps,
                int passBps,
                int weightyPassBps,
                int vetoBps,
                int extensionDays,
                int timelockDays,
                int upgradeTimelockDays,
                int fullLockDays) {
            this(
                    thresholdPpm,
                    deposit,
                    delayDays,
                    votingDays,
                    quorumBps,
                    passBps,
                    weightyPassBps,
                    vetoBps,
                    extensionDays,
                    timelockDays,
                    upgradeTimelockDays,
                    fullLockDays,
                    null,
                    null);
        }

        /** The same, with what later networks state. */
        public Governance with(@Nullable Boolean reports, @Nullable Upgrades upgrades) {
            return new Governance(
                    thresholdPpm,
                    deposit,
                    delayDays,
                    votingDays,
                    quorumBps,
                    passBps,
                    weightyPassBps,
                    vetoBps,
                    extensionDays,
                    timelockDays,
                    upgradeTimelockDays,
                    fullLockDays,
                    reports,
                    upgrades);
        }

        /** Whether a change of parameters is refused without its what-if report. */
        public boolean demandsReport() {
            return Boolean.TRUE.equals(reportRequired);
        }
    }

    /**
     * When the programs of a passed vote begin.
     *
     * @param readyBps of the capacity that is certified, and of the stake of the checkers, that must have reported to be ready
     * @param postponeDays by which too little puts off the beginning
     * @param postponements after so many the upgrade is cancelled
     */
    public record Upgrades(int readyBps, int postponeDays, int postponements) {}
}
