package io.athanor.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.local.engine.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class TestEnginesTest {

    private static int count(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM s.t")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void run(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void copiesOfATemplateAreFilledAndApart() throws SQLException {
        Database template = TestEngines.template(
                "engines-test", db -> run(db.ownerUrl(), "CREATE SCHEMA s; CREATE TABLE s.t (n int)"));
        Database one = TestEngines.freshDatabase("one", template);
        Database two = TestEngines.freshDatabase("two", template);

        run(one.appUrl(), "INSERT INTO s.t VALUES (1)");

        assertThat(count(one.appUrl())).isEqualTo(1);
        assertThat(count(two.ownerUrl())).isZero();
        assertThatThrownBy(() -> run(two.appUrl(), "DROP TABLE s.t")).hasMessageContaining("must be owner");
    }

    @Test
    void aFreshDatabaseIsEmptyAndTheOwners() throws SQLException {
        Database fresh = TestEngines.freshDatabase("fresh");

        run(fresh.ownerUrl(), "CREATE SCHEMA s; CREATE TABLE s.t (n int)");

        assertThat(count(fresh.appUrl())).isZero();
    }
}
