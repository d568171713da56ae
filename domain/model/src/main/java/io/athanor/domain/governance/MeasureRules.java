package io.athanor.domain.governance;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.AttachedReport;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.Milestone;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ParameterBounds;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import org.jspecify.annotations.Nullable;

/**
 * What may be proposed at all. What is code and no parameter (supply, bounds, the network's rhythm) is refused at
 * submission, so that nobody votes on what cannot be done.
 */
public final class MeasureRules {
    static final int MILESTONES_MAX = 24;
    private static final int MILESTONE_DAYS_MAX = 1_461;

    private MeasureRules() {}

    /** Error: {@link Refused} PARAMETER_OUT_OF_BOUNDS, INVARIANT_BROKEN, WRONG_STATE or INVALID_SPEC. */
    static void require(Measure measure, ParametersActivated current, long epoch) {
        switch (measure) {
            case ChangeParameters m -> parameters(m, current, epoch);
            case FundCommunity m -> funding(m);
            case UpgradeNetwork m -> {
                requireText("version", m.version(), Limits.NAME_CHARS);
                Refused.unless(
                        m.activationEpoch() > epoch, Reason.INVALID_SPEC, "activationEpoch must lie ahead of " + epoch);
            }
        }
    }

    private static void parameters(ChangeParameters m, ParametersActivated current, long epoch) {
        report(m.whatIf(), epoch);
        Refused.unless(
                m.basedOn() == current.version(),
                Reason.WRONG_STATE,
                "version " + current.version() + " is in force; a proposal changes that one alone, not " + m.basedOn());
        ParameterBounds.require(m.parameters());
        ProtocolParameters now = current.parameters();
        ProtocolParameters next = m.parameters();
        constant("timing", now.timing(), next.timing());
        constant("profile", now.profile(), next.profile());
        constant(
                "reward.providerReserve",
                now.reward().providerReserve(),
                next.reward().providerReserve());
        constant(
                "reward.checkerReserve",
                now.reward().checkerReserve(),
                next.reward().checkerReserve());
        quarters(now, next);
        Refused.unless(!now.equals(next), Reason.INVALID_SPEC, "the proposal changes nothing");
        boolean ownSubject = switch (m.subject()) {
            case PARAMETERS -> now.sameRewards(next) && now.accountable().equals(next.accountable());
            case REWARDS -> now.withRewardsOf(next).equals(next);
            case PENALTIES -> now.withPenaltiesOf(next).equals(next);
        };
        Refused.unless(ownSubject, Reason.INVALID_SPEC, "a proposal on " + m.subject() + " changes nothing else");
        boolean demanded = now.economics().governance().demandsReport();
        Refused.unless(
                !demanded || m.whatIf() != null,
                Reason.REPORT_MISSING,
                "the proposal names no what-if report of what its parameters would have changed");
    }

    /** Another length would pay for days twice, or never. */
    private static void quarters(ProtocolParameters now, ProtocolParameters next) {
        CheckerPay before = pay(now);
        CheckerPay after = pay(next);
        if (before != null && after != null) {
            constant("earnings.checkers.quarterDays", before.quarterDays(), after.quarterDays());
        }
    }

    private static @Nullable CheckerPay pay(ProtocolParameters parameters) {
        Earnings earnings = parameters.economics().earnings();
        return earnings == null ? null : earnings.checkers();
    }

    /** Whether it is right only a replay can say; here it must be of the past, and not of more than can be replayed. */
    private static void report(@Nullable AttachedReport report, long epoch) {
        boolean past = report == null
                || report.throughIndex() > 0
                        && report.fromEpoch() >= 0
                        && report.fromEpoch() <= report.toEpoch()
                        && report.toEpoch() <= epoch;
        Refused.unless(past, Reason.INVALID_SPEC, "whatIf must name past epochs: 0 ≤ fromEpoch ≤ toEpoch ≤ " + epoch);
    }

    private static void constant(String name, Object now, Object proposed) {
        Refused.unless(
                now.equals(proposed),
                Reason.INVARIANT_BROKEN,
                name + " is part of what the network promised for ever: " + now + ", not " + proposed);
    }

    private static void funding(FundCommunity m) {
        requireText("purpose", m.purpose(), Limits.REASON_CHARS);
        int parts = m.milestones().size();
        Refused.unless(
                parts >= 1 && parts <= MILESTONES_MAX, Reason.INVALID_SPEC, "1 to " + MILESTONES_MAX + " milestones");
        Refused.unless(!m.recipient().equals(Wallet.ZERO), Reason.INVALID_SPEC, "no recipient");
        for (Milestone part : m.milestones()) {
            requireText("milestone", part.name(), Limits.NAME_CHARS);
            boolean fine = !part.amount().isZero()
                    && Ath.SUPPLY.covers(part.amount())
                    && part.afterDays() >= 0
                    && part.afterDays() <= MILESTONE_DAYS_MAX;
            Refused.unless(
                    fine, Reason.INVALID_SPEC, "a milestone pays something within " + MILESTONE_DAYS_MAX + " days");
        }
    }

    static void requireText(String name, String text, int most) {
        Refused.unless(
                !text.isBlank() && text.length() <= most,
                Reason.INVALID_SPEC,
                name + " must have 1 to " + most + " characters");
    }
}
