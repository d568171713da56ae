package io.athanor.local.engine;

import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessIdentity;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSignal;
import io.athanor.local.process.ProcessSpec;
import io.athanor.local.process.Startup;
import io.athanor.local.process.Trees;
import io.athanor.local.process.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL from the published binaries, with a fixed data folder.
 *
 * <p>One data folder is never served by two servers: a live one is adopted where it was started in the same way and
 * answers, and stopped otherwise, recognised by its working folder, which every process of a server has in its data
 * folder. After that a {@code postmaster.pid} that a kill left is removed, because its pid may be another's by now.
 */
public final class PostgresEngine implements Engine {

    /** The database of a network. */
    public static final String DATABASE = "athanor";

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final ProcessRegistry registry;
    private final PostgresSettings settings;
    private final UnprivilegedUser user;
    private final Path data;
    private final Path secretsFile;

    /** A server whose data lies in {@code postgres} below the given data folder. */
    public PostgresEngine(Path data, PostgresSettings settings) {
        this(data, settings, UnprivilegedUser.detect());
    }

    PostgresEngine(Path data, PostgresSettings settings, UnprivilegedUser user) {
        this.registry = new ProcessRegistry(data);
        this.settings = settings;
        this.user = user;
        this.data = Trees.realFolder(data).resolve("postgres");
        this.secretsFile = Trees.folder(data.resolve("secrets")).resolve("postgres.properties");
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public void start() {
        PostgresBinaries binaries = PostgresBinaries.unpacked();
        initialise(binaries);
        Startup.adoptOrStart(registry, specification(binaries), this::answers, this::clearTheWay);
        roles().ensure(secrets().of(PostgresRoles.OWNER), secrets().of(PostgresRoles.APP));
        roles().ensureDatabase(DATABASE);
    }

    @Override
    public void stop() {
        registry.stop(name());
        stopStrays();
    }

    @Override
    public boolean lives() {
        return registry.live(name()).isPresent();
    }

    @Override
    public boolean answers() {
        return Files.exists(secretsFile) && roles().answers();
    }

    /** The network's database. */
    public Database database() {
        return database(DATABASE);
    }

    /** Any database of this server, whether it is there or not. */
    public Database database(String name) {
        return new Database(
                name, url(name, PostgresRoles.ADMIN), url(name, PostgresRoles.OWNER), url(name, PostgresRoles.APP));
    }

    /** Roles and databases of this server. */
    public PostgresRoles roles() {
        return new PostgresRoles(url("postgres", PostgresRoles.ADMIN));
    }

    /** Kills the server and all its processes as a crash would; for tests of recovery. */
    public void kill() {
        registry.live(name()).ifPresent(ManagedProcess::kill);
    }

    private String url(String database, String role) {
        return JdbcUrls.of(settings.port(), database, role, secrets().of(role));
    }

    private PostgresSecrets secrets() {
        return PostgresSecrets.read(secretsFile);
    }

    private ProcessSpec specification(PostgresBinaries binaries) {
        List<String> command = new ArrayList<>(List.of(binaries.program("postgres"), "-D", data.toString()));
        command.addAll(settings.arguments());
        return ProcessSpec.of(name(), user.command(command), data, settings.port())
                .stoppedBy(ProcessSignal.INT, STOP_LIMIT);
    }

    /** Makes the data folder: beside its place and then moved there, so that a kill leaves none that is half made. */
    private void initialise(PostgresBinaries binaries) {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            user.own(data);
            return;
        }
        Path draft = data.resolveSibling("postgres.new");
        Path passwordFile = data.resolveSibling("postgres.password");
        Trees.delete(draft);
        PostgresSecrets.create(secretsFile);
        Trees.writePrivately(passwordFile, secrets().of(PostgresRoles.ADMIN) + "\n");
        Trees.folder(draft);
        user.own(draft);
        user.own(passwordFile);
        Commands.require(
                user.command(List.of(
                        binaries.program("initdb"),
                        "--pgdata=" + draft,
                        "--username=" + PostgresRoles.ADMIN,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C",
                        "--no-instructions")),
                "Check that the disk of " + data + " has 200 MB free.");
        Trees.delete(passwordFile);
        publish(draft);
    }

    private void publish(Path draft) {
        try {
            Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new EngineFailure(
                    "The data folder " + data + " cannot be made: " + failed.getMessage() + ".",
                    "Remove the folder if it is empty, and start again.",
                    failed);
        }
    }

    private void clearTheWay() {
        stopStrays();
        Trees.delete(data.resolve("postmaster.pid"));
    }

    /** Ends what else serves this data folder: a server unknown to the records, or what a killed one left behind. */
    private void stopStrays() {
        postmaster().ifPresent(server -> server.end(ProcessSignal.INT, STOP_LIMIT));
        boolean gone =
                Waiting.until(Duration.ofSeconds(2), POLL, () -> servers().isEmpty());
        if (!gone) {
            servers().forEach(process -> process.signal(ProcessSignal.KILL));
            Waiting.until(STOP_LIMIT, POLL, () -> servers().isEmpty());
        }
    }

    private Optional<ProcessIdentity> postmaster() {
        try {
            long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
            return servers().stream().filter(server -> server.pid() == pid).findFirst();
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private List<ProcessIdentity> servers() {
        return ProcessHandle.allProcesses()
                .filter(process -> servesData(process.pid()))
                .flatMap(process -> ProcessIdentity.ofLive(process.pid()).stream())
                .toList();
    }

    private boolean servesData(long pid) {
        Path folder = link(pid, "cwd");
        Path program = link(pid, "exe");
        return folder != null
                && program != null
                && folder.equals(data)
                && Objects.requireNonNullElse(program.getFileName(), program)
                        .toString()
                        .equals("postgres");
    }

    private static @Nullable Path link(long pid, String name) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/" + name));
        } catch (IOException goneOrForeign) {
            return null;
        }
    }
}
