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
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConsensusProperties {
    private static final RoundId ROUND = new RoundId(1, RoundId.Kind.LIVENESS, 0, 0);
    private static final Sha256 EVIDENCE = new Samples(0).sha256();
    private static final List<Fact> FACTS = List.of(Fact.ONLINE, Fact.OFFLINE, Fact.NETWORK);

    /** A committee, and what each member says of each subject; null where it did not reveal. */
    private static Round round(List<Seat> committee, int quorum, int subjects, Function<Wallet, List<Finding>> says) {
        List<Subject> list = new ArrayList<>();
        Samples fixed = new Samples(1);
        for (int i = 0; i < subjects; i++) {
            list.add(new MachineSubject(fixed.machine(), Wallet.ZERO, "0x"));
        }
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 5, List.of(), Hash32.ZERO);
        RoundOpened opened = new RoundOpened(ROUND, 1, list, committee, quorum, draw, at(0), at(1), at(2), at(0));
        Map<Wallet, Hash32> commitments = new HashMap<>();
        Map<Wallet, ReportRevealed> reveals = new HashMap<>();
        for (Seat seat : committee) {
            List<Finding> findings = says.apply(seat.checker());
            if (!findings.isEmpty()) {
                Report report = new Report(ROUND, seat.checker(), findings, EVIDENCE);
                commitments.put(seat.checker(), Hash32.ZERO);
                reveals.put(seat.checker(), new ReportRevealed(ROUND, seat.checker(), report, Hash32.ZERO, "", at(1)));
            }
        }
        return new Round(opened, commitments, reveals, false);
    }

    private static Finding finding(Fact fact, long measure) {
        return new Finding("x", fact, Hash32.ZERO, measure, 0);
    }

    private static List<Seat> committee(Samples samples) {
        List<Seat> seats = new ArrayList<>();
        for (int i = samples.between(2, 7); i > 0; i--) {
            Wallet wallet = samples.wallet();
            seats.add(new Seat(wallet, wallet, samples.between(1, 2)));
        }
        return seats;
    }

    private static int seats(List<Seat> committee, Set<Wallet> of) {
        return committee.stream()
                .filter(s -> of.contains(s.checker()))
                .mapToInt(Seat::seats)
                .sum();
    }

    @Test
    void withoutAQuorumNobodyIsFaulted() {
        Cases.forAll(5_000, samples -> {
            List<Seat> committee = committee(samples);
            int all = committee.stream().mapToInt(Seat::seats).sum();
            int quorum = all / 2 + 1;
            Map<Wallet, List<Finding>> says = new HashMap<>();
            committee.forEach(seat -> says.put(
                    seat.checker(),
                    samples.chance(25)
                            ? List.of()
                            : List.of(finding(samples.oneOf(FACTS), 3), finding(samples.oneOf(FACTS), 3))));
            switch (Consensus.judge(round(committee, quorum, 2, w -> says.getOrDefault(w, List.of())), at(2))) {
                case RoundInconclusive r ->
                    assertThat(r.consistency()).extracting(Consistency::mark).doesNotContain(Mark.WRONG);
                case RoundFinalized r -> requireJust(r, committee, says, quorum);
                default -> throw new AssertionError("neither final nor inconclusive");
            }
        });
    }

    /** Every verdict has its quorum, and who is wrong said something else where a quorum stood. */
    private static void requireJust(
            RoundFinalized round, List<Seat> committee, Map<Wallet, List<Finding>> says, int quorum) {
        for (int i = 0; i < 2; i++) {
            int subject = i;
            Verdict verdict = round.verdicts().get(subject);
            Set<Wallet> agree = committee.stream()
                    .map(Seat::checker)
                    .filter(w -> !says.getOrDefault(w, List.of()).isEmpty())
                    .filter(w -> says.getOrDefault(w, List.of()).get(subject).fact() == verdict.fact())
                    .collect(Collectors.toSet());
            assertThat(!verdict.conclusive() || seats(committee, agree) >= quorum)
                    .isTrue();
            assertThat(verdict.fact()).isNotEqualTo(Fact.NETWORK);
        }
        for (Consistency member : round.consistency()) {
            List<Finding> said = says.getOrDefault(member.checker(), List.of());
            boolean against = false;
            for (int i = 0; i < said.size(); i++) {
                Fact fact = round.verdicts().get(i).fact();
                against |= fact != null
                        && said.get(i).fact() != Fact.NETWORK
                        && said.get(i).fact() != fact;
            }
            assertThat(member.mark() == Mark.WRONG).isEqualTo(against);
        }
    }

    @Test
    void colludersUnderTheQuorumNeverDecide() {
        Cases.forAll(5_000, samples -> {
            List<Seat> committee = committee(samples);
            int all = committee.stream().mapToInt(Seat::seats).sum();
            int quorum = Math.max(2, all / 2 + 1);
            Set<Wallet> colluders = committee.stream()
                    .map(Seat::checker)
                    .filter(w -> samples.chance(50))
                    .collect(Collectors.toSet());
            boolean captured = seats(committee, colluders) >= quorum && colluders.size() >= Consensus.LEAST_VOICES;
            Fact truth = samples.chance(50) ? Fact.ONLINE : Fact.OFFLINE;
            Fact lie = truth == Fact.ONLINE ? Fact.OFFLINE : Fact.ONLINE;
            RoundEvent event = Consensus.judge(
                    round(committee, quorum, 1, w -> List.of(finding(colluders.contains(w) ? lie : truth, 3))), at(2));
            Fact decided = ((RoundFinalized) event).verdicts().getFirst().fact();
            if (!captured) {
                assertThat(decided).isNotEqualTo(lie);
            } else if (lie == Fact.ONLINE || colluders.size() == committee.size()) {
                assertThat(decided).isEqualTo(lie);
            }
        });
    }

    @Test
    void anOfflineQuorumAgainstOneAnswerIsInconclusive() {
        List<Seat> committee = three();
        Wallet answered = committee.getFirst().checker();
        RoundFinalized r = (RoundFinalized) Consensus.judge(
                round(committee, 2, 1, w -> List.of(finding(w.equals(answered) ? Fact.ONLINE : Fact.OFFLINE, 1))),
                at(2));
        assertThat(r.verdicts().getFirst().conclusive()).isFalse();
        assertThat(r.consistency()).extracting(Consistency::mark).containsOnly(Mark.CORRECT);
        RoundFinalized silent =
                (RoundFinalized) Consensus.judge(round(committee, 2, 1, w -> List.of(finding(Fact.OFFLINE, 0))), at(2));
        assertThat(silent.verdicts().getFirst().fact()).isEqualTo(Fact.OFFLINE);
    }

    @Test
    void whoReachesNothingThatOthersJudgeTookNoPart() {
        List<Seat> committee = three();
        Wallet lazy = committee.getFirst().checker();
        RoundFinalized r = (RoundFinalized) Consensus.judge(
                round(committee, 2, 1, w -> List.of(finding(w.equals(lazy) ? Fact.NETWORK : Fact.ONLINE, 1))), at(2));
        assertThat(r.consistency())
                .contains(new Consistency(lazy, Mark.ABSENT))
                .extracting(Consistency::mark)
                .containsExactlyInAnyOrder(Mark.ABSENT, Mark.CORRECT, Mark.CORRECT);
        RoundFinalized all =
                (RoundFinalized) Consensus.judge(round(committee, 2, 1, w -> List.of(finding(Fact.NETWORK, 0))), at(2));
        assertThat(all.verdicts().getFirst().conclusive()).isFalse();
        assertThat(all.consistency()).extracting(Consistency::mark).containsOnly(Mark.CORRECT);
    }

    @Test
    void theMeasureIsTheMedianOfWhoAgrees() {
        List<Seat> committee = three();
        Map<Wallet, Long> measures = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            measures.put(committee.get(i).checker(), 10L * i);
        }
        RoundFinalized r = (RoundFinalized) Consensus.judge(
                round(committee, 2, 1, w -> List.of(finding(Fact.ONLINE, measures.getOrDefault(w, -1L)))), at(2));
        assertThat(r.verdicts().getFirst().measure()).isEqualTo(10);
        assertThat(r.verdicts().getFirst().agreeing()).isEqualTo(3);
    }

    private static List<Seat> three() {
        Samples samples = new Samples(9);
        return samples.wallets(3).stream().map(w -> new Seat(w, w, 1)).toList();
    }
}
