package io.athanor.local;

import io.athanor.local.engine.DockerEngine;
import io.athanor.local.engine.Engine;
import io.athanor.local.engine.PostgresEngine;
import io.athanor.local.engine.PostgresSettings;
import io.athanor.local.engine.RegistryEngine;
import io.athanor.local.network.Progress;
import io.athanor.local.process.Ports;
import io.athanor.local.process.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The engines that all modules' tests share in one {@code athanor test}; they go with it, also on Ctrl-C. */
public final class SharedTestEngines implements AutoCloseable {

    private final Path folder;
    private final PostgresEngine postgres;
    private final DockerEngine docker;
    private final RegistryEngine images;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SharedTestEngines(Path folder) {
        this.folder = folder;
        this.postgres = new PostgresEngine(data("postgres"), PostgresSettings.tests(Ports.free()));
        this.docker = new DockerEngine(data("docker"));
        this.images = new RegistryEngine(data("registry"), Ports.free());
    }

    private Path data(String name) {
        return Trees.folder(folder.resolve(name));
    }

    /** Starts them. */
    public static SharedTestEngines start(Progress progress) {
        SharedTestEngines engines = new SharedTestEngines(TestFolder.create());
        Runtime.getRuntime().addShutdownHook(new Thread(engines::close, "shared-engines-stop"));
        for (Engine engine : List.of(engines.postgres, engines.docker, engines.images)) {
            engine.start();
            progress.say(engine.name() + " ready");
        }
        return engines;
    }

    /** The variables by which {@link TestEngines} finds them. */
    public Map<String, String> environment() {
        return Map.of(
                TestEngines.DB_URL, postgres.database("postgres").adminUrl(),
                TestEngines.DOCKER_HOST, docker.host().toString(),
                TestEngines.REGISTRY, images.address());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && Files.exists(folder)) {
            TestFolder.cleanUp(folder);
        }
    }
}
