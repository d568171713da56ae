package io.athanor.domain.attestation;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.Draw.Terms;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Samples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Numbers: the weighted median, and who is too far from it. */
class ToleranceTest {
    private static final RoundId ROUND = new RoundId(6, RoundId.Kind.ONBOARDING, 0, 0);
    private final Samples samples = new Samples(61);
    private final MachineSubject machine =
            new MachineSubject(samples.machine(), samples.wallet(), "0x" + "33".repeat(32));
    private final List<Wallet> members =
            IntStream.range(0, 3).mapToObj(i -> samples.wallet()).toList();

    private RoundFinalized judge(@Nullable Terms terms, List<Integer> weights, long... measures) {
        Draw draw = new Draw(samples.hash(), null, Hash32.ZERO, samples.hash(), 3, List.of(), samples.hash(), terms);
        List<Seat> seats = IntStream.range(0, 3)
                .mapToObj(i -> new Seat(members.get(i), members.get(i), 1).weighing(weights.get(i)))
                .toList();
        Map<Wallet, ReportRevealed> reveals = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            Finding finding = new Finding(machine.key(), Fact.GENUINE, Hash32.ZERO, measures[i], 900);
            Report report = new Report(ROUND, members.get(i), List.of(finding), samples.sha256());
            reveals.put(members.get(i), new ReportRevealed(ROUND, members.get(i), report, samples.hash(), "0x", at(3)));
        }
        RoundOpened opened = new RoundOpened(ROUND, 1, List.of(machine), seats, 2, draw, at(0), at(1), at(2), at(0));
        return (RoundFinalized) Consensus.judge(new Round(opened, Map.of(), reveals, false), at(4));
    }

    private Mark markOf(RoundFinalized round, int member) {
        return round.consistency().stream()
                .filter(c -> c.checker().equals(members.get(member)))
                .findFirst()
                .orElseThrow()
                .mark();
    }

    private static Terms within(long bps, long least) {
        return new Terms(7, 5, 3, 0, bps, least);
    }

    @Test
    void aNumberOutsideTheToleranceIsAnOutlierAndFaultsNobody() {
        RoundFinalized round = judge(within(500, 0), List.of(1, 1, 1), 1_000_000, 1_050_000, 1_050_001);
        assertThat(round.verdicts().getFirst().measure()).isEqualTo(1_050_000);
        assertThat(markOf(round, 0)).isEqualTo(Mark.CORRECT);
        assertThat(markOf(round, 1)).isEqualTo(Mark.CORRECT);
        RoundFinalized far = judge(within(500, 0), List.of(1, 1, 1), 1_000_000, 1_050_000, 2_000_000);
        assertThat(markOf(far, 2)).isEqualTo(Mark.OUTLIER);
    }

    @Test
    void smallNumbersHaveALeastTolerance() {
        assertThat(markOf(judge(within(1_000, 5), List.of(1, 1, 1), 10, 10, 15), 2))
                .isEqualTo(Mark.CORRECT);
        assertThat(markOf(judge(within(1_000, 5), List.of(1, 1, 1), 10, 10, 16), 2))
                .isEqualTo(Mark.OUTLIER);
    }

    @Test
    void numbersThatDependOnPlaceAreNotJudged() {
        assertThat(markOf(judge(within(0, 0), List.of(1, 1, 1), 1, 1, 900), 2)).isEqualTo(Mark.CORRECT);
        assertThat(markOf(judge(null, List.of(1, 1, 1), 1, 1, 900), 2)).isEqualTo(Mark.CORRECT);
    }

    @Test
    void theMedianFollowsTheTrackRecord() {
        assertThat(judge(within(500, 0), List.of(2, 2, 9), 100, 101, 900)
                        .verdicts()
                        .getFirst()
                        .measure())
                .isEqualTo(900);
        assertThat(judge(within(500, 0), List.of(2, 2, 2), 100, 101, 900)
                        .verdicts()
                        .getFirst()
                        .measure())
                .isEqualTo(101);
    }

    @Test
    void largeNumbersDoNotOverflow() {
        assertThat(within(10_000, 0).tolerates(Long.MAX_VALUE, 1)).isTrue();
        assertThat(within(9_999, 0).tolerates(Long.MAX_VALUE, 0)).isFalse();
    }
}
