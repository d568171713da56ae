package io.athanor.query.answer;

import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.Limits;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.query.Queries.ListRounds;
import io.athanor.domain.query.Queries.OpenRoundsOf;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import io.athanor.query.table.Mapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers about attestation rounds. */
final class RoundAnswers {
    private static final Mapping<RoundView> ROUND = Mapping.of(RoundView.class);
    private static final Mapping<Duty> DUTY = Mapping.of(Duty.class);

    private static final String ROUNDS = "SELECT r.id, r.state, o.opening AS opened,"
            + " (SELECT count(*)::int FROM view.round_seat s WHERE s.round = r.id AND s.committed) AS committed,"
            + " (SELECT count(*)::int FROM view.round_seat s WHERE s.round = r.id AND s.revealed) AS revealed,"
            + " coalesce(v.verdicts, '[]') AS verdicts, coalesce(v.consistency, '[]') AS consistency,"
            + " r.closed_at, r.as_of, r.opened AS cursor FROM view.round r JOIN view.round_opening o ON o.id = r.id"
            + " LEFT JOIN view.round_result v ON v.id = r.id WHERE ";

    private final Answers answers;

    RoundAnswers(Answers answers) {
        this.answers = answers;
    }

    List<Answer<?>> all() {
        return List.of(
                Answer.find(FindRound.class, RoundView.class, this::round),
                Answer.page(ListRounds.class, this::rounds),
                Answer.page(OpenRoundsOf.class, this::openRoundsOf));
    }

    private record Duty(RoundOpened opening, boolean committed, boolean revealed, long opened) {
        RoundDuty duty() {
            return new RoundDuty(opening, committed, revealed);
        }
    }

    private Optional<RoundView> round(FindRound query) {
        return answers.find(
                ROUND, ROUNDS + "r.id = :id", Map.of("id", query.id().toString()));
    }

    /** Newest first. */
    private Page<RoundView> rounds(ListRounds query) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("after", Answers.number(query.after(), Long.MAX_VALUE));
        String ofEpoch = "";
        if (query.epoch() != null) {
            ofEpoch = "r.epoch = :epoch AND ";
            parameters.put("epoch", query.epoch());
        }
        String sql = ROUNDS + ofEpoch + "r.opened < :after ORDER BY r.opened DESC LIMIT :rows";
        return answers.page(ROUND, sql, parameters, query.first());
    }

    /** The oldest first. The page's end is where the next one begins, also where no more are there yet. */
    private Page<RoundDuty> openRoundsOf(OpenRoundsOf query) {
        Page<Duty> page = answers.page(
                DUTY,
                "SELECT o.opening, s.committed, s.revealed, r.opened, r.opened AS cursor FROM view.round_seat s"
                        + " JOIN view.round r ON r.id = s.round JOIN view.round_opening o ON o.id = s.round"
                        + " WHERE s.checker = :checker AND s.open AND r.opened > :after"
                        + " ORDER BY r.opened LIMIT :rows",
                Map.of("checker", query.checker().toString(), "after", query.after()),
                Limits.PAGE_ROWS);
        List<Duty> duties = page.items();
        String next = duties.isEmpty() ? null : Long.toString(duties.getLast().opened());
        return new Page<>(duties.stream().map(Duty::duty).toList(), next, page.asOf());
    }
}
