package io.athanor.query.answer;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.query.Queries.FindAccount;
import io.athanor.domain.query.Queries.ListBalances;
import io.athanor.domain.query.Queries.ListLedger;
import io.athanor.domain.query.Queries.ListRewards;
import io.athanor.domain.query.Queries.ListSessionKeys;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.LedgerBalance;
import io.athanor.domain.view.LedgerLine;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RewardLineView;
import io.athanor.domain.view.SessionKeyView;
import io.athanor.query.table.Mapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers about accounts and the ledger. */
final class MoneyAnswers {
    private static final Mapping<AccountView> ACCOUNT = Mapping.of(AccountView.class);
    private static final Mapping<SessionKeyView> KEY = Mapping.of(SessionKeyView.class);
    private static final Mapping<LedgerLine> LINE = Mapping.of(LedgerLine.class);
    private static final Mapping<RewardLineView> REWARD = Mapping.of(RewardLineView.class);
    private static final Mapping<LedgerBalance> BALANCE = Mapping.of(LedgerBalance.class);

    private static final String NEWEST_FIRST = " ORDER BY global_index DESC, line DESC LIMIT :rows";
    private static final String PLACED = "SELECT *, global_index || '.' || line AS cursor FROM ";
    private static final String BEHIND = "(global_index, line) < (:index, :line)";

    private final Answers answers;

    MoneyAnswers(Answers answers) {
        this.answers = answers;
    }

    List<Answer<?>> all() {
        return List.of(
                Answer.find(FindAccount.class, AccountView.class, this::account),
                Answer.page(ListRewards.class, this::rewards),
                Answer.page(ListSessionKeys.class, this::sessionKeys),
                Answer.page(ListLedger.class, this::ledger),
                Answer.page(ListBalances.class, this::balances));
    }

    private Optional<AccountView> account(FindAccount query) {
        return answers.find(
                ACCOUNT,
                "SELECT * FROM view.account WHERE wallet = :wallet",
                Map.of("wallet", query.wallet().toString()));
    }

    private Page<RewardLineView> rewards(ListRewards query) {
        Cursor after = Cursor.parse(query.after());
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("index", after.index);
        parameters.put("line", after.line);
        parameters.put("wallet", query.wallet().toString());
        String ofEpoch = "";
        if (query.epoch() != null) {
            ofEpoch = " AND epoch = :epoch";
            parameters.put("epoch", query.epoch());
        }
        String sql = PLACED + "view.reward_line WHERE wallet = :wallet" + ofEpoch + " AND " + BEHIND + NEWEST_FIRST;
        return answers.page(REWARD, sql, parameters, query.first());
    }

    private Page<SessionKeyView> sessionKeys(ListSessionKeys query) {
        return answers.page(
                KEY,
                "SELECT *, key AS cursor FROM view.session_key WHERE wallet = :wallet AND key > :after ORDER BY key"
                        + " LIMIT :rows",
                Map.of("wallet", query.wallet().toString(), "after", query.after() == null ? "" : query.after()),
                query.first());
    }

    /** A line has one sender and one receiver, never the same, so the two halves never give a line twice. */
    private Page<LedgerLine> ledger(ListLedger query) {
        Cursor after = Cursor.parse(query.after());
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("index", after.index);
        parameters.put("line", after.line);
        String sql = PLACED + "view.ledger_line WHERE " + BEHIND + NEWEST_FIRST;
        if (query.account() != null) {
            parameters.put("account", query.account());
            sql = PLACED + "(" + half("from_account") + " UNION ALL " + half("to_account") + ") AS lines"
                    + NEWEST_FIRST;
        }
        return answers.page(LINE, sql, parameters, query.first());
    }

    private static String half(String side) {
        return "(SELECT * FROM view.ledger_line WHERE " + side + " = :account AND " + BEHIND + NEWEST_FIRST + ")";
    }

    /** A place in the ledger. Text: {@code <index>.<line>}. */
    private record Cursor(long index, int line) {
        static Cursor parse(@Nullable String after) {
            if (after == null) {
                return new Cursor(Long.MAX_VALUE, 0);
            }
            Refused.unless(
                    after.matches("[0-9]{1,18}\\.[0-9]{1,9}"),
                    Reason.MALFORMED,
                    "after is not a cursor of this list: " + after);
            int dot = after.indexOf('.');
            return new Cursor(Long.parseLong(after.substring(0, dot)), Integer.parseInt(after.substring(dot + 1)));
        }
    }

    private Page<LedgerBalance> balances(ListBalances query) {
        return answers.page(
                BALANCE,
                "SELECT *, account AS cursor FROM view.ledger_balance WHERE account > :after ORDER BY account LIMIT"
                        + " :rows",
                Map.of("after", query.after() == null ? "" : query.after()),
                query.first());
    }
}
