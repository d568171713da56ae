package io.athanor.query.testing;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.wallet;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyShare;
import java.util.List;
import java.util.UUID;

/** Penalty cases from their opening to their end. */
public final class CaseFiles {
    public static final PoolId ACCUSED = PoolId.ofProvider(wallet(1));
    public static final Ath AMOUNT = Ath.ofWhole(800);
    public static final Ath BOND = Ath.ofWhole(100);
    private static final RoundId ROUND = new RoundId(0, RoundId.Kind.LIVENESS, 0, 0);

    private CaseFiles() {}

    public static Offence offence(int number) {
        return new Offence.Downtime(
                ACCUSED, Ids.machine(number), at(100), List.of(), Ath.ofWhole(10_000), List.of(ROUND), List.of("g"));
    }

    private static List<Event> inTheStay(int number) {
        CaseId id = offence(number).caseId();
        return List.of(
                new CaseOpened(id, offence(number), 400, Ath.ofWhole(400), 0, 1, null, at(200)),
                new PenaltyRaised(id, 800, AMOUNT, at(300)),
                new StayBegun(id, at(9_000), at(400)));
    }

    private static AppealLodged appeal(CaseId id) {
        Wallet appellant = ACCUSED.operator();
        CommandId command = new CommandId(UUID.fromString("01900000-0000-7000-8000-00000000ca5e"));
        Authorization signed = new Authorization(command, appellant, appellant, at(90_000), "0x11");
        return new AppealLodged(id, BOND, "it was the network", at(80_000), signed, at(500));
    }

    private static AppealDecided decided(CaseId id, Ruling ruling) {
        return new AppealDecided(id, new RoundId(1, RoundId.Kind.APPEAL, 0, 0), ruling, at(600));
    }

    /** Appealed in vain, and executed. */
    public static List<List<Event>> executed(int number) {
        CaseId id = offence(number).caseId();
        List<PenaltyShare> shares = List.of(
                new PenaltyShare(PenaltyShare.Kind.CLIENT, wallet(100), Ath.ofWhole(1)),
                new PenaltyShare(PenaltyShare.Kind.TREASURY, null, Ath.ofWhole(899)));
        return List.of(
                inTheStay(number),
                List.of(appeal(id), decided(id, Ruling.UPHELD)),
                List.of(new PenaltyExecuted(id, AMOUNT, shares, at(700))));
    }

    /** Reversed on appeal. */
    public static List<List<Event>> dismissed(int number) {
        CaseId id = offence(number).caseId();
        return List.of(
                inTheStay(number),
                List.of(appeal(id), decided(id, Ruling.REVERSED), new CaseDismissed(id, "reversed", at(700))));
    }
}
