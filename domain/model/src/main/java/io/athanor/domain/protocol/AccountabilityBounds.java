package io.athanor.domain.protocol;

import static io.athanor.domain.protocol.ParameterBounds.committee;
import static io.athanor.domain.protocol.ParameterBounds.within;

import io.athanor.domain.canary.RerunDraw;
import io.athanor.domain.protocol.Accountability.Band;
import io.athanor.domain.protocol.Accountability.Canaries;
import io.athanor.domain.protocol.Accountability.Credits;
import io.athanor.domain.protocol.Accountability.Penalties;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.protocol.ProtocolParameters.Jail;
import java.util.List;

/** The bounds of {@link Accountability}: shares are shares, bands rise, days end. */
final class AccountabilityBounds {
    private static final long PPM = 1_000_000;
    private static final long BPS = 10_000;
    private static final int MAX_DAYS = 366;
    private static final int MAX_BANDS = 16;
    private static final long MAX_MILLIS = 366L * 24 * 3_600_000;
    private static final int MAX_EXPONENT = 4;
    private static final int MAX_IDLE_LEAST = 1_000_000;
    private static final int MAX_CANARIES = 16;
    private static final int MAX_IMAGES = 64;
    private static final int MAX_WITNESSES = 5;

    private AccountabilityBounds() {}

    static void require(Accountability rules) {
        jail(rules.jail());
        standing(rules.standing());
        credits(rules.credits());
        penalties(rules.penalties());
        Canaries canaries = rules.canaries();
        within("canaries.most", canaries == null ? 1 : canaries.most(), 1, MAX_CANARIES);
        Vetting vetting = canaries == null ? null : canaries.vetting();
        if (vetting != null) {
            within("canaries.vetting.images", vetting.images().size(), 0, MAX_IMAGES);
            within("canaries.vetting.witnesses", vetting.witnesses(), 1, MAX_WITNESSES);
            within("canaries.vetting.rerunPpm", vetting.rerunPpm(), 0, PPM);
            within("canaries.vetting.reruns", vetting.reruns(), 0, RerunDraw.MOST);
        }
    }

    private static void jail(Jail jail) {
        within("jail.windowDays", jail.windowDays(), 1, MAX_DAYS);
        within("jail.wrongRounds", jail.wrongRounds(), 1, 1_000);
        within("jail.wrongBps", jail.wrongBps(), 0, BPS);
        within("jail.jailDays", jail.jailDays(), 1, MAX_DAYS);
        within("jail.numberToleranceBps", jail.numberToleranceBps(), 1, BPS);
    }

    private static void standing(Standing standing) {
        within("standing.throttlePpm", standing.throttlePpm(), standing.suspendPpm(), PPM);
        within("standing.suspendPpm", standing.suspendPpm(), 0, PPM);
        within("standing.suspendDays", standing.suspendDays(), 1, MAX_DAYS);
        within("standing.cutOffSuspensions", standing.cutOffSuspensions(), 1, 100);
        within("standing.cutOffDays", standing.cutOffDays(), 1, MAX_DAYS);
        within("standing.cleanDays", standing.cleanDays(), 1, MAX_DAYS);
        within("standing.probationDays", standing.probationDays(), 0, MAX_DAYS);
        Long probation = standing.probationPpm();
        within("standing.probationPpm", probation == null ? 0 : probation, 0, PPM);
        Long looked = standing.lookedPpm();
        within("standing.lookedPpm", looked == null ? 1 : looked, 1, PPM);
        Integer idle = standing.idleLeast();
        within("standing.idleLeast", idle == null ? 1 : idle, 1, MAX_IDLE_LEAST);
        within("standing.exponents (how many)", standing.exponents().size(), 4, 4);
        standing.exponents().forEach(power -> within("standing.exponents", power, 0, MAX_EXPONENT));
    }

    private static void credits(Credits credits) {
        within("credits.startFreeMillis", credits.startFreeMillis(), 0, MAX_MILLIS);
        within("credits.finishBps", credits.finishBps(), 0, BPS);
    }

    private static void penalties(Penalties penalties) {
        shares("penalties.downtime", penalties.downtime());
        long before = 0;
        for (Band band : penalties.downtime()) {
            within("penalties.downtime.from", band.from(), before + 1, MAX_MILLIS);
            before = band.from();
        }
        within("penalties.flatBps", penalties.flatBps(), 0, BPS);
        var seats = penalties.committee();
        committee("penalties.committee.slash", seats.slashSeats(), seats.slashQuorum());
        committee("penalties.committee.appeal", seats.appealSeats(), seats.appealQuorum());
        within("penalties.committee.full", seats.full(), 1, 1_000);
        within("penalties.stayDays", penalties.stayDays(), 1, MAX_DAYS);
        within("penalties.appealDays", penalties.appealDays(), 1, MAX_DAYS);
        within("penalties.deposits.appealBps", penalties.deposits().appealBps(), 0, BPS);
        within("penalties.deposits.disputeBps", penalties.deposits().disputeBps(), 0, BPS);
        within("penalties.checkers.equivocationBps", penalties.checkers().equivocationBps(), 0, BPS);
        within("penalties.checkers.canaryBps", penalties.checkers().canaryBps(), 0, BPS);
        within("penalties.checkers.repeatBps", penalties.checkers().repeatBps(), 0, BPS);
        Long refuted = penalties.checkers().refutedMatchBps();
        within("penalties.checkers.refutedMatchBps", refuted == null ? 0 : refuted, 0, BPS);
        within("penalties.uncommitteed.bps", penalties.uncommitteed().bps(), 0, BPS);
        within("penalties.uncommitteed.days", penalties.uncommitteed().days(), 1, MAX_DAYS);
        var shares = penalties.shares();
        within("penalties.shares (client and reporter)", shares.clientBps() + shares.reporterBps(), 0, BPS);
        within("penalties.shares (client and proof)", shares.clientBps() + shares.proofReporterBps(), 0, BPS);
        within("penalties.outage.withinMillis", penalties.outage().withinMillis(), 1, MAX_MILLIS);
    }

    private static void shares(String name, List<Band> bands) {
        within(name + " (how many)", bands.size(), 1, MAX_BANDS);
        bands.forEach(band -> within(name + ".bps", band.bps(), 0, BPS));
    }
}
