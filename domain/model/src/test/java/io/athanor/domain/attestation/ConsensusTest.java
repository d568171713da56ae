package io.athanor.domain.attestation;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One machine, five members with one seat each, three for a quorum. */
class ConsensusTest {
    private static final RoundId ROUND = new RoundId(6, RoundId.Kind.LIVENESS, 0, 0);
    private static final int QUORUM = 3;
    private final Samples samples = new Samples(62);
    private final MachineSubject machine = new MachineSubject(samples.machine(), samples.wallet(), "0x");
    private final List<Wallet> members =
            IntStream.range(0, 5).mapToObj(i -> samples.wallet()).toList();
    private final Hash32 salt = samples.hash();
    private RoundId id = ROUND;

    /** What the members found, in their order; who is beyond the list committed and did not reveal. */
    private RoundEvent judge(Finding... findings) {
        return judge(members.stream().map(m -> new Seat(m, m, 1)).toList(), findings);
    }

    private RoundEvent judge(List<Seat> seats, Finding... findings) {
        Draw draw = new Draw(samples.hash(), null, Hash32.ZERO, samples.hash(), 5, List.of(), samples.hash());
        RoundOpened opened = new RoundOpened(id, 1, List.of(machine), seats, QUORUM, draw, at(0), at(1), at(2), at(0));
        Map<Wallet, Hash32> commitments = new HashMap<>();
        members.forEach(member -> commitments.put(member, samples.hash()));
        Map<Wallet, ReportRevealed> reveals = new HashMap<>();
        for (int i = 0; i < findings.length; i++) {
            Report report = new Report(id, members.get(i), List.of(findings[i]), samples.sha256());
            reveals.put(members.get(i), new ReportRevealed(id, members.get(i), report, salt, "0x", at(1)));
        }
        return Consensus.judge(new Round(opened, commitments, reveals, false), at(3));
    }

    private RoundFinalized finalized(Finding... findings) {
        return (RoundFinalized) judge(findings);
    }

    private Finding online(long answered) {
        return new Finding(machine.key(), Fact.ONLINE, Hash32.ZERO, answered, 900);
    }

    private Finding finding(Fact fact) {
        return new Finding(machine.key(), fact, Hash32.ZERO, 0, 0);
    }

    private static List<Mark> marks(List<Consistency> consistency) {
        List<Mark> marks = new ArrayList<>();
        consistency.forEach(c -> marks.add(c.mark()));
        return marks;
    }

    @Test
    void threeOfFiveSeatsDecideAndWhoSaysOtherwiseIsWrong() {
        RoundFinalized round = finalized(online(1), online(3), online(2), finding(Fact.OFFLINE), finding(Fact.NETWORK));
        assertThat(round.verdicts()).containsExactly(new Verdict(machine.key(), Fact.ONLINE, Hash32.ZERO, 2, 3, 5));
        assertThat(marks(round.consistency()))
                .containsExactly(Mark.CORRECT, Mark.CORRECT, Mark.CORRECT, Mark.WRONG, Mark.ABSENT);
        assertThat(round.salts())
                .isEqualTo(Hash32.keccak(salt.bytes(), salt.bytes(), salt.bytes(), salt.bytes(), salt.bytes()));
    }

    @Test
    void twoSeatsDecideNothingAndFaultNobody() {
        RoundFinalized round =
                finalized(online(3), online(3), finding(Fact.OFFLINE), finding(Fact.OFFLINE), finding(Fact.NETWORK));
        assertThat(round.verdicts()).containsExactly(new Verdict(machine.key(), null, Hash32.ZERO, 0, 0, 5));
        assertThat(marks(round.consistency())).containsOnly(Mark.CORRECT);
    }

    @Test
    void theSameFactOnAnotherDigestIsAnotherFact() {
        Finding other = new Finding(machine.key(), Fact.ONLINE, samples.hash(), 3, 900);
        RoundFinalized round = finalized(online(3), online(3), other, other, finding(Fact.NETWORK));
        assertThat(round.verdicts().getFirst().conclusive()).isFalse();
        RoundFinalized agreed = finalized(online(3), other, other, other, finding(Fact.NETWORK));
        assertThat(agreed.verdicts().getFirst().digest()).isEqualTo(other.digest());
        assertThat(marks(agreed.consistency()).getFirst()).isEqualTo(Mark.WRONG);
    }

    @Test
    void oneFreshAnswerStandsAgainstAnyNumberWhoHeardNone() {
        Finding none = finding(Fact.OFFLINE);
        assertThat(finalized(none, none, none, none, online(1))
                        .verdicts()
                        .getFirst()
                        .conclusive())
                .isFalse();
        assertThat(finalized(none, none, none, none, finding(Fact.NETWORK))
                        .verdicts()
                        .getFirst()
                        .fact())
                .isEqualTo(Fact.OFFLINE);
    }

    /** In a capacity test each member has one turn: a machine cannot make it wrong by its silence, nor be away and answer. */
    @Test
    void whomAMachineDidNotAnswerInATestSaysNothingOfIt() {
        id = new RoundId(6, RoundId.Kind.CAPACITY, 0, 0);
        Finding none = finding(Fact.OFFLINE);
        Finding genuine = new Finding(machine.key(), Fact.GENUINE, Hash32.ZERO, 900_000, 900);
        Finding other = new Finding(machine.key(), Fact.COUNTERFEIT, Hash32.ZERO, 500_000, 900);
        RoundFinalized tested = finalized(genuine, genuine, genuine, none, other);
        assertThat(tested.verdicts().getFirst().fact()).isEqualTo(Fact.GENUINE);
        assertThat(marks(tested.consistency()))
                .containsExactly(Mark.CORRECT, Mark.CORRECT, Mark.CORRECT, Mark.ABSENT, Mark.WRONG);
        RoundFinalized away = finalized(none, none, none, none, genuine);
        assertThat(away.verdicts().getFirst().conclusive()).isFalse();
        assertThat(marks(away.consistency())).doesNotContain(Mark.WRONG);
        assertThat(finalized(none, none, none, none, none).verdicts().getFirst().fact())
                .isEqualTo(Fact.OFFLINE);
    }

    @Test
    void whoCommittedAndDidNotRevealIsMarkedSo() {
        RoundFinalized round = finalized(online(3), online(3), online(3));
        assertThat(round.verdicts().getFirst().fact()).isEqualTo(Fact.ONLINE);
        assertThat(marks(round.consistency()).subList(3, 5)).containsOnly(Mark.UNREVEALED);
    }

    @Test
    void fewerRevealedSeatsThanTheQuorumAreNoRound() {
        assertThat(judge(online(3), online(3))).isInstanceOfSatisfying(RoundInconclusive.class, round -> {
            assertThat(round.revealedSeats()).isEqualTo(2);
            assertThat(marks(round.consistency()))
                    .containsExactly(Mark.CORRECT, Mark.CORRECT, Mark.UNREVEALED, Mark.UNREVEALED, Mark.UNREVEALED);
        });
    }

    private Seat seat(int member, int seats, String group) {
        return new Seat(members.get(member), members.get(member), seats, null, group);
    }

    private Verdict verdictOf(List<Seat> seats, Finding... findings) {
        return ((RoundFinalized) judge(seats, findings)).verdicts().getFirst();
    }

    @Test
    void oneOperatorAloneDecidesNothingWhateverSeatsItHolds() {
        List<Seat> one = List.of(seat(0, 3, "big"), seat(1, 1, "small"), seat(2, 1, "other"));
        Verdict alone = verdictOf(one, online(3), finding(Fact.NETWORK), finding(Fact.NETWORK));
        assertThat(alone.conclusive()).isFalse();
        assertThat(verdictOf(one, online(3), online(3), finding(Fact.NETWORK)).fact())
                .isEqualTo(Fact.ONLINE);
    }

    @Test
    void twoWalletsOfOneGroupAreOneVoice() {
        Finding says = finding(Fact.OFFLINE);
        List<Seat> same = List.of(seat(0, 2, "big"), seat(1, 1, "big"), seat(2, 1, "other"));
        RoundFinalized round = (RoundFinalized) judge(same, says, says, finding(Fact.NETWORK));
        assertThat(round.verdicts().getFirst().conclusive()).isFalse();
        assertThat(marks(round.consistency())).doesNotContain(Mark.WRONG);
        assertThat(verdictOf(same, says, says, says).fact()).isEqualTo(Fact.OFFLINE);
    }

    @Test
    void whoMetOnlyTheAbsenceOfAMachineThatCameAndWentIsNotWrong() {
        List<Seat> seats = List.of(seat(0, 1, "a"), seat(1, 1, "b"), seat(2, 1, "c"), seat(3, 1, "d"));
        RoundFinalized went = (RoundFinalized) judge(seats, online(1), online(1), online(3), finding(Fact.OFFLINE));
        assertThat(went.verdicts().getFirst().fact()).isEqualTo(Fact.ONLINE);
        assertThat(marks(went.consistency())).doesNotContain(Mark.WRONG);
        RoundFinalized there = (RoundFinalized) judge(seats, online(3), online(3), online(1), finding(Fact.OFFLINE));
        assertThat(marks(there.consistency()).getLast()).isEqualTo(Mark.WRONG);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheLowerOne() {
        assertThat(finalized(online(1), online(2), online(3), online(9))
                        .verdicts()
                        .getFirst()
                        .measure())
                .isEqualTo(2);
    }
}
