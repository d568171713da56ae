package io.athanor.local;

import io.athanor.local.engine.AnvilEngine;
import io.athanor.local.engine.AnvilSettings;
import io.athanor.local.engine.Database;
import io.athanor.local.engine.DockerEngine;
import io.athanor.local.engine.PostgresEngine;
import io.athanor.local.engine.PostgresSettings;
import io.athanor.local.engine.RegistryEngine;
import io.athanor.local.engine.TestDatabases;
import io.athanor.local.process.Ports;
import io.athanor.local.process.Trees;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Real engines for tests.
 *
 * <p>{@code ./athanor test} starts PostgreSQL, a container engine and a registry once and names them in
 * {@code ATHANOR_TEST_DB_URL}, {@code ATHANOR_TEST_DOCKER_HOST} and {@code ATHANOR_TEST_REGISTRY}. A test that runs by
 * itself, as from an IDE, starts what it asks for, and it is stopped when the test process ends. A missing engine fails
 * the test with the command that installs it; nothing is skipped.
 */
public final class TestEngines {

    /** JDBC URL of a superuser of the shared server. */
    public static final String DB_URL = "ATHANOR_TEST_DB_URL";
    /** Address of the shared container engine. */
    public static final String DOCKER_HOST = "ATHANOR_TEST_DOCKER_HOST";
    /** Host and port of the shared registry. */
    public static final String REGISTRY = "ATHANOR_TEST_REGISTRY";

    private static final Path FOLDER = TestFolder.create();
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Lazy<TestDatabases> DATABASES = new Lazy<>(TestEngines::startDatabases);
    private static final Lazy<URI> DOCKER = new Lazy<>(TestEngines::startDocker);
    private static final Lazy<String> IMAGES = new Lazy<>(TestEngines::startRegistry);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TestEngines::stopAll, "test-engines-stop"));
    }

    private TestEngines() {}

    /** An empty database of its own, with the roles {@code athanor_owner} and {@code athanor_app}. */
    public static Database freshDatabase(String prefix) {
        return DATABASES.get().fresh(prefix);
    }

    /** A copy of a template: milliseconds where a migration takes seconds. */
    public static Database freshDatabase(String prefix, Database template) {
        return DATABASES.get().copy(prefix, template);
    }

    /** A database that is migrated once in this test process; the migration must close its connections. */
    public static Database template(String name, Consumer<Database> migrate) {
        return DATABASES.get().template(name, migrate);
    }

    /** A chain of the caller's own, in memory, that mines each transaction at once. */
    public static AnvilEngine anvil() {
        return started(AnvilSettings.automine(Ports.free()));
    }

    /** As {@link #anvil()}, where a block is final only after so many, so that reorganisations may be deep. */
    public static AnvilEngine anvilFinalAfter(int blocks) {
        return started(AnvilSettings.automine(Ports.free()).finalAfter(blocks));
    }

    /** A chain of the caller's own, in memory, with a block a second, so that blocks become final. */
    public static AnvilEngine anvilWithBlocks() {
        return started(AnvilSettings.blocks(Ports.free()));
    }

    /** The address of a real container engine; label what you start with {@link #containerLabel()}. */
    public static URI dockerHost() {
        return DOCKER.get();
    }

    /** The value of the label {@code athanor.test} on this test process's containers. */
    public static String containerLabel() {
        return FOLDER.getFileName().toString();
    }

    /** Host and port of an image registry that the container engine may pull from. */
    public static String registry() {
        return IMAGES.get();
    }

    /** A new folder that goes when the test process ends. */
    public static Path folder(String prefix) {
        return Trees.folder(FOLDER.resolve(prefix + "-" + COUNT.incrementAndGet()));
    }

    private static AnvilEngine started(AnvilSettings settings) {
        AnvilEngine anvil = new AnvilEngine(folder("chain"), settings);
        anvil.start();
        return anvil;
    }

    private static TestDatabases startDatabases() {
        return new TestDatabases(given(DB_URL).orElseGet(() -> {
            PostgresEngine engine = new PostgresEngine(folder("postgres"), PostgresSettings.tests(Ports.free()));
            engine.start();
            return engine.database("postgres").adminUrl();
        }));
    }

    private static URI startDocker() {
        return given(DOCKER_HOST).map(URI::create).orElseGet(() -> {
            DockerEngine engine = new DockerEngine(folder("docker"));
            engine.start();
            return engine.host();
        });
    }

    private static String startRegistry() {
        return given(REGISTRY).orElseGet(() -> {
            RegistryEngine engine = new RegistryEngine(folder("registry"), Ports.free());
            engine.start();
            return engine.address();
        });
    }

    private static Optional<String> given(String variable) {
        return Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isBlank());
    }

    private static void stopAll() {
        if (given(DB_URL).isPresent()) {
            DATABASES.ifStarted(TestDatabases::dropAll);
        }
        DOCKER.ifStarted(host -> DockerEngine.removeContainers(host, "athanor.test=" + containerLabel()));
        TestFolder.cleanUp(FOLDER);
    }

    /** Starts its engine at the first use. */
    private static final class Lazy<T> {
        private final Supplier<T> start;
        private @Nullable T started;

        Lazy(Supplier<T> start) {
            this.start = start;
        }

        synchronized T get() {
            T value = started;
            if (value == null) {
                value = start.get();
                started = value;
            }
            return value;
        }

        synchronized void ifStarted(Consumer<T> action) {
            if (started != null) {
                action.accept(started);
            }
        }
    }
}
