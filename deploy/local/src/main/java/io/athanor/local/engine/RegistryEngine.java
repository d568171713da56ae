package io.athanor.local.engine;

import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSpec;
import io.athanor.local.process.Startup;
import io.athanor.local.process.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An image registry on loopback, which every container engine may use without TLS. */
public final class RegistryEngine implements Engine {

    private static final Duration ASK_LIMIT = Duration.ofSeconds(2);

    private final ProcessRegistry registry;
    private final Path folder;
    private final int port;

    /** A registry whose images lie in {@code registry} below the data folder. */
    public RegistryEngine(Path data, int port) {
        this.registry = new ProcessRegistry(data);
        this.folder = Trees.realFolder(data.resolve("registry"));
        this.port = port;
    }

    @Override
    public String name() {
        return "registry";
    }

    /** Host and port, as the first part of an image's name. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void start() {
        Startup.adoptOrStart(registry, specification(), this::answers, () -> {});
    }

    @Override
    public void stop() {
        registry.stop(name());
    }

    @Override
    public boolean lives() {
        return registry.live(name()).isPresent();
    }

    @Override
    public boolean answers() {
        return UnixHttp.exchange(URI.create("tcp://" + address()), "GET", "/v2/", ASK_LIMIT)
                .filter(UnixHttp.Answer::ok)
                .isPresent();
    }

    /** Whether it has an image of this name and tag. */
    public boolean has(String name, String tag) {
        return UnixHttp.exchange(URI.create("tcp://" + address()), "GET", "/v2/" + name + "/tags/list", ASK_LIMIT)
                .filter(answer -> answer.ok() && answer.body().contains("\"" + tag + "\""))
                .isPresent();
    }

    private ProcessSpec specification() {
        String program = Commands.find("docker-registry")
                .orElseThrow(() -> new EngineFailure(
                        "The program 'docker-registry' is missing.", "apt-get install docker-registry"))
                .toString();
        Path configuration = folder.resolve("config.yml");
        try {
            Files.writeString(configuration, """
                    version: 0.1
                    log:
                      level: warn
                      accesslog:
                        disabled: true
                    storage:
                      filesystem:
                        rootdirectory: %s
                      delete:
                        enabled: true
                    http:
                      addr: %s
                    """.formatted(folder.resolve("images"), address()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return ProcessSpec.of(name(), List.of(program, "serve", configuration.toString()), folder, port);
    }
}
