package io.athanor.local.engine;

import io.athanor.local.process.EngineFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Roles and databases on a server.
 *
 * <p>{@code athanor_owner} owns every database and migrates it; {@code athanor_app} runs the services: it may read and
 * write the tables that the owner makes, and a migration takes single rights away again.
 */
public final class PostgresRoles {

    /** The server's superuser. */
    public static final String ADMIN = "postgres";
    /** Owns the databases and migrates them. */
    public static final String OWNER = "athanor_owner";
    /** Runs the services. */
    public static final String APP = "athanor_app";

    /** Any number that nothing else locks; held until the connection closes. */
    private static final long ROLES_LOCK = 31_337_001L;

    private static final List<String> DATABASE_RIGHTS = List.of(
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "ALTER DEFAULT PRIVILEGES FOR ROLE athanor_owner GRANT USAGE ON SCHEMAS TO athanor_app",
            "ALTER DEFAULT PRIVILEGES FOR ROLE athanor_owner"
                    + " GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO athanor_app",
            "ALTER DEFAULT PRIVILEGES FOR ROLE athanor_owner GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO athanor_app");

    private final String adminUrl;

    /** Works through this JDBC URL of a superuser. */
    public PostgresRoles(String adminUrl) {
        this.adminUrl = adminUrl;
    }

    /** Makes the two roles or sets their passwords. */
    public void ensure(String ownerPassword, String appPassword) {
        with(adminUrl, connection -> {
            // Two launchers or test forks on one server would otherwise alter the same row at once.
            execute(connection, "SELECT pg_advisory_lock(" + ROLES_LOCK + ")");
            ensureRole(connection, OWNER, ownerPassword);
            ensureRole(connection, APP, appPassword);
        });
    }

    private static void ensureRole(Connection connection, String role, String password) throws SQLException {
        boolean known = exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role);
        String verb = known ? "ALTER" : "CREATE";
        execute(connection, "%s ROLE %s LOGIN PASSWORD '%s'".formatted(verb, role, password));
    }

    /** Makes a database of the owner's, with the rights of the application role, where it is missing. */
    public void ensureDatabase(String name) {
        with(adminUrl, connection -> {
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                execute(connection, "CREATE DATABASE " + quoted(name) + " OWNER " + OWNER);
            }
        });
        with(JdbcUrls.withDatabase(adminUrl, name), connection -> {
            for (String statement : DATABASE_RIGHTS) {
                execute(connection, statement);
            }
        });
    }

    /** Makes a database that is a copy of another to which nobody is connected. */
    public void copyDatabase(String name, String template) {
        with(
                adminUrl,
                connection -> execute(
                        connection,
                        "CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY OWNER %s"
                                .formatted(quoted(name), quoted(template), OWNER)));
    }

    /** Removes a database and ends its connections. */
    public void dropDatabase(String name) {
        with(adminUrl, connection -> execute(connection, "DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)"));
    }

    /** Whether the server answers. */
    public boolean answers() {
        try (Connection connection = DriverManager.getConnection(adminUrl)) {
            return connection.isValid(2);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static boolean exists(Connection connection, String query, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, value);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    private static void with(String url, Work work) {
        try (Connection connection = DriverManager.getConnection(url)) {
            work.on(connection);
        } catch (SQLException failed) {
            throw new EngineFailure(
                    "PostgreSQL refused: " + failed.getMessage() + ".",
                    "See its log, or check the URL and the rights of its user.",
                    failed);
        }
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }
}
