package io.athanor.codec;

import io.athanor.domain.account.AccountEvent.CaseBondHeld;
import io.athanor.domain.account.AccountEvent.CaseShareCredited;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.List;

/** One valid event of every type of a penalty case, with every field filled. */
final class CaseSamples {
    private static final Instant AT = Samples.at(1_234);
    private static final Ath AMOUNT = Ath.ofWei(1_234_567_890_123_456_789L);

    private final Samples samples = new Samples(77);
    private final Wallet wallet = samples.wallet();
    private final Wallet other = samples.wallet();
    private final RoundId round = new RoundId(12, RoundId.Kind.LIVENESS, 0, 0);
    private final Authorization signed = samples.authorization(wallet);

    private SignedReport report(Finding.Fact fact) {
        Finding finding = new Finding(samples.machine().toString(), fact, samples.hash(), 3, 840);
        return new SignedReport(new Report(round, wallet, List.of(finding), samples.sha256()), "0x22");
    }

    static List<Event> all() {
        CaseSamples s = new CaseSamples();
        Offence offence = new Offence.Equivocation(
                PoolId.ofChecker(s.wallet),
                s.other,
                s.report(Finding.Fact.ONLINE),
                s.report(Finding.Fact.OFFLINE),
                Samples.at(900));
        CaseId id = offence.caseId();
        return List.of(
                new CaseBondHeld(s.wallet, id, AMOUNT, s.signed, AT),
                new CaseShareCredited(s.wallet, id, AMOUNT, AT),
                new CaseOpened(id, offence, 500, AMOUNT, 7, 1, s.signed, AT),
                new PenaltyRaised(id, 800, AMOUNT, AT),
                new StayBegun(id, Samples.at(9_000), AT),
                new CaseJudged(id, new RoundId(13, RoundId.Kind.SLASH, 0, 0), Ruling.UPHELD, List.of("group-a"), AT),
                new AppealLodged(id, AMOUNT, "the machine was moved", Samples.at(99_000), s.signed, AT),
                new AppealDecided(id, new RoundId(14, RoundId.Kind.APPEAL, 0, 0), Ruling.UPHELD, AT),
                new PenaltyExecuted(
                        id,
                        AMOUNT,
                        List.of(
                                new PenaltyShare(PenaltyShare.Kind.REPORTER, s.other, Ath.ofWei(9)),
                                new PenaltyShare(PenaltyShare.Kind.TREASURY, null, AMOUNT.minus(Ath.ofWei(9)))),
                        AT),
                new ReviewClosed(
                        id,
                        AMOUNT,
                        List.of(
                                new PenaltyShare(PenaltyShare.Kind.RESTITUTION, s.wallet, AMOUNT),
                                new PenaltyShare(PenaltyShare.Kind.BOND, s.wallet, Ath.ofWei(9))),
                        AT),
                new CaseDismissed(id, "an outage of the network", AT));
    }
}
