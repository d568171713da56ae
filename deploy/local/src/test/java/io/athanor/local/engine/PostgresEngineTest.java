package io.athanor.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.local.TestEngines;
import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.Ports;
import io.athanor.local.process.ProcessIdentity;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.Trees;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class PostgresEngineTest {

    private Path data;
    private PostgresEngine engine;

    @BeforeEach
    void begin() {
        data = TestEngines.folder("postgres-engine");
        engine = new PostgresEngine(data, PostgresSettings.network(Ports.free()));
    }

    @AfterEach
    void stop() {
        engine.stop();
        Trees.delete(data);
    }

    private ProcessIdentity process() {
        return new ProcessRegistry(data)
                .live("postgres")
                .map(ManagedProcess::identity)
                .orElseThrow();
    }

    private static String query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void startsDurableWithItsRolesAndStops() throws SQLException {
        engine.start();

        Database database = engine.database();
        assertThat(query(database.appUrl(), "SHOW fsync")).isEqualTo("on");
        assertThat(query(database.appUrl(), "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query(database.ownerUrl(), "SELECT current_user")).isEqualTo("athanor_owner");
        execute(database.ownerUrl(), "CREATE SCHEMA s; CREATE TABLE s.t (n int); INSERT INTO s.t VALUES (7)");
        assertThat(query(database.appUrl(), "SELECT n FROM s.t")).isEqualTo("7");
        assertThatThrownBy(() -> execute(database.appUrl(), "CREATE TABLE s.u (n int)"))
                .hasMessageContaining("permission denied");

        ProcessIdentity server = process();
        engine.stop();
        assertThat(server.isAlive()).isFalse();
        assertThat(engine.answers()).isFalse();
    }

    @Test
    void aKillLosesNothingAndTheNextStartWorks() throws SQLException, IOException {
        engine.start();
        execute(engine.database().ownerUrl(), "CREATE TABLE public.kept (n int)");
        execute(engine.database().adminUrl(), "INSERT INTO public.kept VALUES (41)");
        ProcessIdentity killed = process();
        engine.kill();
        // What a kill leaves, with the pid that is another's by now: this test's own.
        Path pidFile = data.toRealPath().resolve("postgres/postmaster.pid");
        assertThat(pidFile).exists();
        Files.writeString(
                pidFile,
                Files.readString(pidFile)
                        .replaceFirst(
                                "^\\d+", Long.toString(ProcessHandle.current().pid())));

        engine.start();

        assertThat(process()).isNotEqualTo(killed);
        assertThat(query(engine.database().adminUrl(), "SELECT n FROM public.kept"))
                .isEqualTo("41");
    }

    @Test
    void adoptsALiveServerStartedInTheSameWay() {
        engine.start();
        ProcessIdentity first = process();

        engine.start();

        assertThat(process()).isEqualTo(first);
    }

    @Test
    void stopsAServerThatNoRecordKnowsAndServesItsData() throws IOException {
        engine.start();
        ProcessIdentity unknown = process();
        Files.delete(data.resolve("run/postgres.json"));

        engine.start();

        assertThat(unknown.isAlive()).isFalse();
        assertThat(engine.answers()).isTrue();
    }

    @Test
    void rootWithoutUserNamespacesServesADataFolderThatOthersCannotReach() throws SQLException {
        UnprivilegedUser user = UnprivilegedUser.isRoot() ? UnprivilegedUser.NOBODY : UnprivilegedUser.SELF;
        Commands.require(List.of("chmod", "700", data.toString()), "Check the disk.");
        engine = new PostgresEngine(data, PostgresSettings.network(Ports.free()), user);

        engine.start();
        engine.kill();
        engine.start();

        assertThat(query(engine.database().appUrl(), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void namesABusyPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            engine = new PostgresEngine(data, PostgresSettings.network(taken.getLocalPort()));
            assertThatThrownBy(engine::start)
                    .isInstanceOf(EngineFailure.class)
                    .hasMessageContaining("Port " + taken.getLocalPort());
        }
        engine.start();
        assertThat(engine.answers()).isTrue();
    }
}
