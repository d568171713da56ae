package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.TrackRecord.Tally;
import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.ProtocolParameters.Jail;
import org.junit.jupiter.api.Test;

class TrackRecordTest {
    private static final Jail RULES = Accountability.STANDARD.jail();
    private static final int WINDOW = RULES.windowDays();

    private static TrackRecord rounds(TrackRecord from, long day, Mark mark, int times) {
        TrackRecord record = from;
        for (int i = 0; i < times; i++) {
            record = record.after(day, mark, 3, WINDOW);
        }
        return record;
    }

    @Test
    void theScoreRisesByOneLosesAThirdAndHasATop() {
        TrackRecord good = rounds(TrackRecord.none(), 1, Mark.CORRECT, 12);
        assertThat(good.score()).isEqualTo(12);
        assertThat(good.after(1, Mark.WRONG, 3, WINDOW).score()).isEqualTo(8);
        assertThat(good.after(1, Mark.UNREVEALED, 3, WINDOW).score()).isEqualTo(8);
        assertThat(good.after(1, Mark.ABSENT, 3, WINDOW).score()).isEqualTo(12);
        assertThat(good.after(1, Mark.OUTLIER, 3, WINDOW).score()).isEqualTo(12);
        assertThat(rounds(good, 1, Mark.CORRECT, 100).score()).isEqualTo(30);
    }

    @Test
    void whoAgreesWithNobodyGainsNothing() {
        assertThat(TrackRecord.none().after(1, Mark.CORRECT, 1, WINDOW).score()).isZero();
    }

    @Test
    void theWeightFollowsTheScore() {
        assertThat(TrackRecord.none().weight()).isEqualTo(2);
        assertThat(rounds(TrackRecord.none(), 1, Mark.CORRECT, 12).weight()).isEqualTo(3);
        assertThat(rounds(TrackRecord.none(), 1, Mark.CORRECT, 30).weight()).isEqualTo(9);
    }

    @Test
    void oneWrongRoundJailsNobodyAndTwoOfManyNeither() {
        TrackRecord one = rounds(TrackRecord.none(), 1, Mark.WRONG, 1);
        assertThat(TrackRecord.jails(one.inWindow(), RULES)).isFalse();
        TrackRecord two = rounds(one, 1, Mark.WRONG, 1);
        assertThat(TrackRecord.jails(two.inWindow(), RULES)).isTrue();
        assertThat(TrackRecord.jails(rounds(two, 1, Mark.CORRECT, 37).inWindow(), RULES))
                .isTrue();
        assertThat(TrackRecord.jails(rounds(two, 1, Mark.CORRECT, 38).inWindow(), RULES))
                .as("two of forty are five per cent, not more")
                .isFalse();
    }

    @Test
    void onlyTheWindowCountsAndServedRoundsDoNot() {
        TrackRecord old = rounds(TrackRecord.none(), 1, Mark.WRONG, 2);
        assertThat(old.after(7, Mark.CORRECT, 3, WINDOW).inWindow()).isEqualTo(new Tally(3, 2));
        assertThat(old.after(8, Mark.CORRECT, 3, WINDOW).inWindow()).isEqualTo(new Tally(1, 0));
        assertThat(old.served().inWindow()).isEqualTo(new Tally(0, 0));
    }
}
