package io.athanor.query.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.view.LedgerBalance;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class RowsTest {
    private static final Table<LedgerBalance> BALANCE =
            Table.inSchema("public", "balance", LedgerBalance.class, "account");
    private static final List<Table<?>> TABLES = List.of(BALANCE);
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        Database database = TestEngines.freshDatabase("rows");
        connection = DriverManager.getConnection(database.adminUrl());
        connection
                .createStatement()
                .execute("CREATE TABLE public.balance (account text PRIMARY KEY, received numeric(78, 0) NOT NULL,"
                        + " sent numeric(78, 0) NOT NULL, as_of bigint NOT NULL)");
        BALANCE.insert(connection, List.of(balance("a", 1), balance("b", 2)));
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @Test
    void whatAnEventDidIsKeptOrForgottenAsAWhole() throws SQLException {
        Rows rows = load("a", "b", "c");
        rows.put(BALANCE, balance("a", 10));
        rows.put(BALANCE, balance("c", 30));
        rows.accept();
        rows.put(BALANCE, balance("a", 100));
        rows.put(BALANCE, balance("b", 200));
        rows.add(BALANCE, balance("d", 400));
        assertThat(rows.get(BALANCE, "a")).isEqualTo(balance("a", 100));
        rows.discard();
        assertThat(rows.get(BALANCE, "a")).isEqualTo(balance("a", 10));
        rows.write(connection, TABLES);
        assertThat(BALANCE.load(connection, List.of("a", "b", "c", "d")).values())
                .containsExactlyInAnyOrder(balance("a", 10), balance("b", 2), balance("c", 30));
    }

    @Test
    void aRowThatWasNotDeclaredIsNotTakenForAbsent() throws SQLException {
        Rows rows = load("a", "c");
        assertThat(rows.find(BALANCE, "c")).isNull();
        assertThatThrownBy(() -> rows.find(BALANCE, "b")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> rows.get(BALANCE, "c")).isInstanceOf(IllegalStateException.class);
        assertThat(rows.get(BALANCE, "a")).isEqualTo(balance("a", 1));
    }

    @Test
    void largeAmountsAndManyRowsGoInOneStatement() throws SQLException {
        Ath supply = Ath.SUPPLY;
        BALANCE.upsert(connection, List.of(new LedgerBalance("a", supply, supply, 9), balance("\"\\{,}'", 7)));
        assertThat(BALANCE.load(connection, List.of("a", "\"\\{,}'")).values())
                .containsExactlyInAnyOrder(new LedgerBalance("a", supply, supply, 9), balance("\"\\{,}'", 7));
    }

    private Rows load(String... accounts) throws SQLException {
        Keys keys = new Keys();
        for (String account : accounts) {
            keys.add(BALANCE, account);
        }
        return Rows.load(connection, TABLES, keys);
    }

    private static LedgerBalance balance(String account, long amount) {
        return new LedgerBalance(account, Ath.ofWei(amount), Ath.ZERO, amount);
    }
}
