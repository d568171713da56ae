package io.athanor.domain.attestation;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundCommand.CloseRound;
import io.athanor.domain.attestation.RoundCommand.CommitReport;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.RoundCommand.RevealReport;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTest {
    private static final RoundId ROUND = new RoundId(6, RoundId.Kind.LIVENESS, 0, 0);
    private static final long CHAIN = 31_337;
    private static final String SIGNATURE = "0x11";
    private final Samples samples = new Samples(6);
    private final Wallet one = samples.wallet();
    private final Wallet two = samples.wallet();
    private final Wallet three = samples.wallet();
    private final List<Seat> committee =
            List.of(new Seat(one, one, 1), new Seat(two, two, 1), new Seat(three, three, 1));
    private final MachineSubject machine = machineSubject();
    private final Draw draw = new Draw(samples.hash(), null, Hash32.ZERO, samples.hash(), 3, List.of(), samples.hash());
    private final Hash32 salt = samples.hash();
    private final Sha256 evidence = samples.sha256();
    private final Scenario<Round, RoundCommand, RoundEvent> opened =
            Scenario.round().done(open(ROUND, List.of(machine), committee, 2));

    private MachineSubject machineSubject() {
        return new MachineSubject(samples.machine(), samples.wallet(), "0x" + "33".repeat(32));
    }

    private OpenRound open(RoundId round, List<? extends Subject> subjects, List<Seat> members, int quorum) {
        return new OpenRound(round, CHAIN, List.copyOf(subjects), members, quorum, draw, at(10), at(20), at(30), at(0));
    }

    private Report report(Wallet checker, Fact fact) {
        Finding finding = new Finding(machine.key(), fact, Hash32.ZERO, 3, 900);
        return new Report(ROUND, checker, List.of(finding), evidence);
    }

    private CommitReport commit(Report report, long at) {
        return new CommitReport(ROUND, report.checker(), Commitment.of(CHAIN, report, salt), SIGNATURE, at(at));
    }

    private RevealReport reveal(Report report, long at) {
        return new RevealReport(ROUND, report.checker(), report, salt, SIGNATURE, at(at));
    }

    @Test
    void aRoundOpensOnce() {
        OpenRound open = open(ROUND, List.of(machine), committee, 2);
        Scenario.round()
                .when(open)
                .events(new RoundOpened(
                        ROUND, CHAIN, List.of(machine), committee, 2, draw, at(10), at(20), at(30), at(0)));
        opened.when(open).nothing();
    }

    @Test
    void aRoundHasOneToSoManySubjectsOfOneKind() {
        Scenario.round().when(open(ROUND, List.of(), committee, 2)).refused(Reason.INVALID_SPEC, "subjects");
        List<Subject> many = new ArrayList<>();
        for (int i = 0; i <= Limits.SHARD_SUBJECTS; i++) {
            many.add(machineSubject());
        }
        Scenario.round().when(open(ROUND, many, committee, 2)).refused(Reason.INVALID_SPEC, "128");
        assertThat(Scenario.round()
                        .done(open(ROUND, many.subList(1, many.size()), committee, 2))
                        .state()
                        .opened())
                .isNotNull();
        Scenario.round()
                .when(open(ROUND, Collections.nCopies(2, machine), committee, 2))
                .refused(Reason.INVALID_SPEC, "twice");
        DeliverySubject delivery =
                new DeliverySubject(samples.task().lease(1), samples.machine(), samples.wallet(), "0x");
        Scenario.round()
                .when(open(ROUND, List.of(machine, delivery), committee, 2))
                .refused(Reason.INVALID_SPEC, "kind");
        RoundId deliveries = new RoundId(6, RoundId.Kind.DELIVERY, 0, 0);
        Scenario.round().when(open(deliveries, List.of(machine), committee, 2)).refused(Reason.INVALID_SPEC, "kind");
        assertThat(Scenario.round()
                        .done(open(deliveries, List.of(delivery), committee, 2))
                        .state()
                        .opened())
                .isNotNull();
    }

    @Test
    void theQuorumIsAMajorityOfDistinctMembers() {
        Scenario.round().when(open(ROUND, List.of(machine), committee, 1)).refused(Reason.INVALID_SPEC, "majority");
        List<Seat> pair = committee.subList(0, 2);
        Scenario.round().when(open(ROUND, List.of(machine), pair, 1)).refused(Reason.INVALID_SPEC, "majority");
        assertThat(Scenario.round()
                        .done(open(ROUND, List.of(machine), pair, 2))
                        .state()
                        .opened())
                .isNotNull();
        List<Seat> twice = List.of(committee.get(0), committee.get(0), committee.get(1));
        Scenario.round().when(open(ROUND, List.of(machine), twice, 2)).refused(Reason.INVALID_SPEC, "member");
    }

    @Test
    void theWindowsFollowEachOther() {
        long[][] wrong = {{20, 20, 30}, {10, 30, 30}, {30, 20, 10}};
        for (long[] w : wrong) {
            OpenRound open = new OpenRound(
                    ROUND, CHAIN, List.of(machine), committee, 2, draw, at(w[0]), at(w[1]), at(w[2]), at(0));
            Scenario.round().when(open).refused(Reason.INVALID_SPEC, "window");
        }
    }

    @Test
    void membersCommitOnceInsideTheWindow() {
        Report report = report(one, Fact.ONLINE);
        Hash32 commitment = Commitment.of(CHAIN, report, salt);
        var committed =
                opened.when(commit(report, 10)).events(new ReportCommitted(ROUND, one, commitment, SIGNATURE, at(10)));
        committed.when(commit(report, 11)).nothing();
        committed.when(commit(report(one, Fact.OFFLINE), 11)).refused(Reason.DUPLICATE_COMMITMENT);
        opened.when(commit(report, 9)).refused(Reason.WINDOW_CLOSED);
        opened.when(commit(report, 20)).refused(Reason.WINDOW_CLOSED);
        opened.when(commit(report(samples.wallet(), Fact.ONLINE), 10)).refused(Reason.NOT_IN_COMMITTEE);
        Scenario.round().when(commit(report, 10)).refused(Reason.NOT_FOUND);
    }

    @Test
    void aCopiedCommitmentIsRefused() {
        Report report = report(one, Fact.ONLINE);
        CommitReport copy = new CommitReport(ROUND, two, Commitment.of(CHAIN, report, salt), SIGNATURE, at(11));
        opened.done(commit(report, 10)).when(copy).refused(Reason.DUPLICATE_COMMITMENT, "another member");
        opened.done(commit(report, 10))
                .when(commit(report(two, Fact.ONLINE), 11))
                .events(new ReportCommitted(
                        ROUND, two, Commitment.of(CHAIN, report(two, Fact.ONLINE), salt), SIGNATURE, at(11)));
    }

    @Test
    void onlyWhatWasCommittedIsRevealedInsideTheWindow() {
        Report report = report(one, Fact.ONLINE);
        var committed = opened.done(commit(report, 10));
        var revealed = committed
                .when(reveal(report, 20))
                .events(new ReportRevealed(ROUND, one, report, salt, SIGNATURE, at(20)));
        revealed.when(reveal(report, 21)).nothing();
        revealed.when(reveal(report, 99)).nothing();
        committed.when(reveal(report, 19)).refused(Reason.WINDOW_CLOSED);
        committed.when(reveal(report, 30)).refused(Reason.WINDOW_CLOSED);
        committed.when(reveal(report(one, Fact.OFFLINE), 20)).refused(Reason.REVEAL_MISMATCH);
        opened.when(reveal(report, 20)).refused(Reason.REVEAL_WITHOUT_COMMIT);
        committed
                .when(new RevealReport(ROUND, one, report, samples.hash(), SIGNATURE, at(20)))
                .refused(Reason.REVEAL_MISMATCH);
    }

    @Test
    void aReportHasOneFindingASubjectInOrder() {
        Finding stranger = new Finding(samples.machine().toString(), Fact.ONLINE, Hash32.ZERO, 3, 1);
        Report misfit = new Report(ROUND, one, List.of(stranger), samples.sha256());
        opened.done(commit(misfit, 10)).when(reveal(misfit, 20)).refused(Reason.INVALID_SPEC, "finding");
        Report empty = new Report(ROUND, one, List.of(), samples.sha256());
        opened.done(commit(empty, 10)).when(reveal(empty, 20)).refused(Reason.INVALID_SPEC, "finding");
    }

    @Test
    void aRoundClosesOnceWhenAllRevealedOrTheWindowIsOver() {
        Report a = report(one, Fact.ONLINE);
        Report b = report(two, Fact.ONLINE);
        Report c = report(three, Fact.ONLINE);
        var most = opened.done(commit(a, 10), commit(b, 10), commit(c, 10), reveal(a, 20), reveal(b, 20));
        most.when(new CloseRound(ROUND, at(29))).refused(Reason.WRONG_STATE);
        most.done(new CloseRound(ROUND, at(30)))
                .when(new CloseRound(ROUND, at(31)))
                .nothing();
        var all = most.done(reveal(c, 21), new CloseRound(ROUND, at(22)));
        assertThat(all.state().closed()).isTrue();
        all.when(reveal(a, 23)).nothing();
        most.done(new CloseRound(ROUND, at(30))).when(reveal(c, 30)).refused(Reason.WINDOW_CLOSED);
        Scenario.round().when(new CloseRound(ROUND, at(30))).refused(Reason.NOT_FOUND);
    }

    @Test
    void aRoundWithTooFewRevealsDecidesNothing() {
        Report a = report(one, Fact.ONLINE);
        Round alone = opened.done(commit(a, 10), reveal(a, 20)).state();
        assertThat(alone.decide(new CloseRound(ROUND, at(30)))).singleElement().isInstanceOf(RoundInconclusive.class);
        Report b = report(two, Fact.ONLINE);
        Round pair = opened.done(commit(a, 10), commit(b, 10), reveal(a, 20), reveal(b, 20))
                .state();
        assertThat(pair.decide(new CloseRound(ROUND, at(30)))).singleElement().isInstanceOf(RoundFinalized.class);
    }

    /** Else a quorum of the dishonest could settle on a fact that nobody can act on. */
    @Test
    void aRoundFindsWhatItsKindLooksFor() {
        for (Fact fact : Fact.values()) {
            Report report = report(one, fact);
            var committed = opened.done(commit(report, 12));
            switch (fact) {
                case ONLINE, OFFLINE, NETWORK ->
                    assertThat(committed.done(reveal(report, 22)).state().reveals())
                            .containsKey(one);
                default -> committed.when(reveal(report, 22)).refused(Reason.INVALID_SPEC, fact.name());
            }
        }
    }

    @Test
    void everyKindOfRoundHasItsFacts() {
        assertThat(Fact.values())
                .filteredOn(fact -> fact.isOf(RoundId.Kind.DELIVERY))
                .containsExactlyInAnyOrder(Fact.DELIVERED, Fact.ENDED_BY_CLIENT, Fact.NOT_DELIVERED, Fact.NETWORK);
        assertThat(Fact.values())
                .filteredOn(fact -> fact.isOf(RoundId.Kind.ONBOARDING))
                .containsExactlyInAnyOrder(Fact.GENUINE, Fact.COUNTERFEIT, Fact.TOO_SLOW, Fact.OFFLINE, Fact.NETWORK);
    }
}
