package io.athanor.query.answer;

import io.athanor.domain.query.Queries.FindCase;
import io.athanor.domain.query.Queries.ListCases;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.Page;
import io.athanor.query.table.Mapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers about penalty cases. */
final class CaseAnswers {
    private static final Mapping<CaseView> CASE = Mapping.of(CaseView.class);
    private static final String CASES = "SELECT c.*, c.opened AS cursor FROM view.penalty_case c WHERE ";

    private final Answers answers;

    CaseAnswers(Answers answers) {
        this.answers = answers;
    }

    List<Answer<?>> all() {
        return List.of(
                Answer.find(FindCase.class, CaseView.class, this::find), Answer.page(ListCases.class, this::list));
    }

    private Optional<CaseView> find(FindCase query) {
        return answers.find(CASE, CASES + "c.id = :id", Map.of("id", query.id().toString()));
    }

    /** Newest first. */
    private Page<CaseView> list(ListCases query) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("after", Answers.number(query.after(), Long.MAX_VALUE));
        String ofPool = "";
        if (query.accused() != null) {
            ofPool = "c.accused = :accused AND ";
            parameters.put("accused", query.accused().toString());
        }
        String sql = CASES + ofPool + "c.opened < :after ORDER BY c.opened DESC LIMIT :rows";
        return answers.page(CASE, sql, parameters, query.first());
    }
}
