package io.athanor.domain.protocol;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.Economy.Delegation;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.Economy.Emergency;
import io.athanor.domain.protocol.Economy.Governance;
import io.athanor.domain.protocol.Economy.Upgrades;
import io.athanor.domain.stake.StakeRules;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of {@link Economy}. Unbonding is never shorter than evidence, stay and appeal together, so that nobody leaves
 * before what they did can be judged.
 */
public final class EconomyBounds {
    private static final int UNBONDING_DAYS_MIN = StakeRules.LEAST_UNBONDING_DAYS;
    private static final int UNBONDING_DAYS_MAX = 365;
    private static final int COMMISSION_MAX_BPS = 3_000;
    private static final int BPS = 10_000;
    /** 72 hours where a settlement day has 24. */
    private static final int PAUSE_DAYS_MAX = 3;

    private static final int OFFER_PRICE_MAX = 100 * BPS;

    private static final int VESTING_DAYS_MAX = 1_461;
    /** The bonus reserve of 5 % of all ATH, over 1,461 days. */
    private static final Ath BONUS_PER_DAY_MAX = Ath.SUPPLY.bps(500).share(1, 1_461);

    private static final Ath BONUS_PER_QUARTER_MAX = Ath.SUPPLY.bps(500).share(1, CheckerPay.QUARTERS);
    private static final int QUARTER_DAYS_MAX = 92;
    private static final Ath CASE_FEE_MAX = Ath.ofWhole(1_000);

    private EconomyBounds() {}

    /** Error: {@link Refused} PARAMETER_OUT_OF_BOUNDS, naming the parameter. */
    public static void require(Economy economy) {
        Delegation d = economy.delegation();
        within("delegation.ratio", d.ratio(), 1, 100);
        within("delegation.checkerUnbondingDays", d.checkerUnbondingDays(), UNBONDING_DAYS_MIN, UNBONDING_DAYS_MAX);
        within("delegation.providerUnbondingDays", d.providerUnbondingDays(), UNBONDING_DAYS_MIN, UNBONDING_DAYS_MAX);
        within("delegation.commissionMinBps", d.commissionMinBps(), 0, d.commissionMaxBps());
        within("delegation.commissionMaxBps", d.commissionMaxBps(), d.commissionMinBps(), COMMISSION_MAX_BPS);
        within("delegation.commissionRaiseDayBps", d.commissionRaiseDayBps(), 1, 100);
        within("delegation.commissionRaiseMonthBps", d.commissionRaiseMonthBps(), 1, 500);
        within("delegation.commissionNoticeDays", d.commissionNoticeDays(), 7, 30);
        governance(economy.governance());
        Emergency emergency = economy.emergency();
        within("emergency.pauseDays", emergency == null ? 1 : emergency.pauseDays(), 1, PAUSE_DAYS_MAX);
        Earnings earnings = economy.earnings();
        if (earnings != null) {
            within("earnings.vestingDays", earnings.vestingDays(), 0, VESTING_DAYS_MAX);
            within("earnings.bonusUptimeBps", earnings.bonusUptimeBps(), 5_000, BPS - 1);
            atMost("earnings.checkerBonusPerDay", earnings.checkerBonusPerDay(), BONUS_PER_DAY_MAX);
            pay(earnings.checkers());
            if (earnings.offerPriceBps() != null) {
                within("earnings.offerPriceBps", earnings.offerPriceBps(), BPS, OFFER_PRICE_MAX);
            }
        }
    }

    private static void pay(@Nullable CheckerPay pay) {
        if (pay != null) {
            within("earnings.checkers.quarterDays", pay.quarterDays(), 1, QUARTER_DAYS_MAX);
            atMost("earnings.checkers.quarterBonus", pay.quarterBonus(), BONUS_PER_QUARTER_MAX);
            atMost("earnings.checkers.caseFee", pay.caseFee(), CASE_FEE_MAX);
        }
    }

    private static void atMost(String name, Ath value, Ath most) {
        Refused.unless(
                most.covers(value),
                Reason.PARAMETER_OUT_OF_BOUNDS,
                name + " must be at most " + most + ", is " + value);
    }

    private static void governance(Governance g) {
        within("governance.thresholdPpm", g.thresholdPpm(), 1, 100_000);
        within("governance.delayDays", g.delayDays(), 1, 30);
        within("governance.votingDays", g.votingDays(), 1, 60);
        within("governance.quorumBps", g.quorumBps(), 500, 6_000);
        within("governance.passBps", g.passBps(), 5_000, 9_000);
        within("governance.weightyPassBps", g.weightyPassBps(), 6_000, 9_000);
        within("governance.vetoBps", g.vetoBps(), 1_000, 5_000);
        within("governance.extensionDays", g.extensionDays(), 1, 30);
        within("governance.timelockDays", g.timelockDays(), 1, 60);
        within("governance.upgradeTimelockDays", g.upgradeTimelockDays(), g.timelockDays(), 60);
        within("governance.fullLockDays", g.fullLockDays(), 7, BPS);
        Upgrades upgrade = g.upgrade();
        if (upgrade != null) {
            within("governance.upgrade.readyBps", upgrade.readyBps(), 5_000, BPS);
            within("governance.upgrade.postponeDays", upgrade.postponeDays(), 1, 30);
            within("governance.upgrade.postponements", upgrade.postponements(), 0, 10);
        }
    }

    private static void within(String name, long value, long low, long high) {
        Refused.unless(
                value >= low && value <= high,
                Reason.PARAMETER_OUT_OF_BOUNDS,
                name + " must lie in " + low + ".." + high + ", is " + value);
    }
}
