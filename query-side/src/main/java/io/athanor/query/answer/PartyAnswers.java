package io.athanor.query.answer;

import io.athanor.domain.query.Queries.FindChecker;
import io.athanor.domain.query.Queries.FindCheckerByAttester;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.query.Queries.FindProvider;
import io.athanor.domain.query.Queries.ListCheckers;
import io.athanor.domain.query.Queries.ListMachines;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProviderView;
import io.athanor.query.table.Mapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers about machines, providers and checkers. */
final class PartyAnswers {
    private static final Mapping<MachineView> MACHINE = Mapping.of(MachineView.class);
    private static final Mapping<ProviderView> PROVIDER = Mapping.of(ProviderView.class);
    private static final Mapping<CheckerView> CHECKER = Mapping.of(CheckerView.class);

    private static final String MACHINES =
            "SELECT m.*, i.inventory, coalesce(q.days, '[]'::jsonb) AS quality, m.id AS cursor FROM view.machine m"
                    + " JOIN view.machine_inventory i ON i.machine = m.id"
                    + " LEFT JOIN view.machine_quality q ON q.machine = m.id WHERE ";
    /** A checker is known once its key is authorised, which its registration does at once. */
    private static final String CHECKERS = "SELECT c.wallet, c.attester, c.standing, c.owner_group, c.network_group,"
            + " c.region, c.endpoint, coalesce(p.stake, 0) AS stake, c.rounds_correct, c.rounds_wrong,"
            + " c.registered_at, greatest(c.as_of, p.as_of) AS as_of, c.wallet AS cursor FROM view.checker c"
            + " LEFT JOIN view.pool p ON p.id = 'checker:' || c.wallet WHERE c.attester IS NOT NULL AND ";

    private final Answers answers;

    PartyAnswers(Answers answers) {
        this.answers = answers;
    }

    List<Answer<?>> all() {
        return List.of(
                Answer.find(FindMachine.class, MachineView.class, this::machine),
                Answer.page(ListMachines.class, this::machines),
                Answer.find(FindProvider.class, ProviderView.class, this::provider),
                Answer.find(FindChecker.class, CheckerView.class, this::checker),
                Answer.find(FindCheckerByAttester.class, CheckerView.class, this::checkerByAttester),
                Answer.page(ListCheckers.class, this::checkers));
    }

    private Optional<MachineView> machine(FindMachine query) {
        return answers.find(
                MACHINE, MACHINES + "m.id = :id", Map.of("id", query.id().toString()));
    }

    private Page<MachineView> machines(ListMachines query) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("after", query.after() == null ? "" : query.after());
        String ofProvider = "";
        if (query.provider() != null) {
            ofProvider = "m.provider = :provider AND ";
            parameters.put("provider", query.provider().toString());
        }
        String sql = MACHINES + ofProvider + "m.id > :after ORDER BY m.id LIMIT :rows";
        return answers.page(MACHINE, sql, parameters, query.first());
    }

    private Optional<ProviderView> provider(FindProvider query) {
        return answers.find(
                PROVIDER,
                "SELECT p.*, (SELECT count(*)::int FROM view.machine m"
                        + " WHERE m.provider = p.wallet AND m.standing <> 'RETIRED') AS machines"
                        + " FROM view.provider p WHERE p.wallet = :wallet",
                Map.of("wallet", query.wallet().toString()));
    }

    private Optional<CheckerView> checker(FindChecker query) {
        return answers.find(
                CHECKER,
                CHECKERS + "c.wallet = :wallet",
                Map.of("wallet", query.wallet().toString()));
    }

    private Optional<CheckerView> checkerByAttester(FindCheckerByAttester query) {
        return answers.find(
                CHECKER,
                CHECKERS + "c.attester = :attester ORDER BY c.as_of DESC LIMIT 1",
                Map.of("attester", query.attester().toString()));
    }

    private Page<CheckerView> checkers(ListCheckers query) {
        return answers.page(
                CHECKER,
                CHECKERS + "c.wallet > :after ORDER BY c.wallet LIMIT :rows",
                Map.of("after", query.after() == null ? "" : query.after()),
                query.first());
    }
}
