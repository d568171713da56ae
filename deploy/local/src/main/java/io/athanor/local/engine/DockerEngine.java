package io.athanor.local.engine;

import io.athanor.local.process.EngineFailure;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The container engine of the network: the machine's where one answers at {@code DOCKER_HOST} or at the usual socket,
 * and otherwise, for root, a private one that is stopped with the network.
 *
 * <p>A data folder that has begun with a private engine stays with it, because the containers of its jobs lie there.
 */
public final class DockerEngine implements Engine {

    private static final URI USUAL = URI.create("unix:///var/run/docker.sock");

    private final PrivateDocker own;
    private final boolean alwaysOwn;

    /** The machine's engine, or a private one with its data in {@code docker} below the data folder. */
    public DockerEngine(Path data) {
        this(new PrivateDocker(data, List.of(), true), false);
    }

    private DockerEngine(PrivateDocker own, boolean alwaysOwn) {
        this.own = own;
        this.alwaysOwn = alwaysOwn;
    }

    /** A private engine whatever the machine has; these folders come first on its search path for hooks. */
    public static DockerEngine own(Path data, List<Path> searchPath) {
        return new DockerEngine(new PrivateDocker(data, searchPath, true), true);
    }

    /** As {@link #own}, but its containers end with its daemon, as on a machine without live-restore. */
    public static DockerEngine ownWithoutLiveRestore(Path data, List<Path> searchPath) {
        return new DockerEngine(new PrivateDocker(data, searchPath, false), true);
    }

    /** The address of an engine that runs on this machine already and answers. */
    public static Optional<URI> existing() {
        Optional<String> set = Optional.ofNullable(System.getenv("DOCKER_HOST")).filter(host -> !host.isBlank());
        if (set.isPresent() && !new DockerApi(URI.create(set.get())).answers()) {
            throw new EngineFailure(
                    "No container engine answers at DOCKER_HOST=" + set.get() + ".",
                    "Start it, or unset DOCKER_HOST to use this machine's or a private one.");
        }
        return set.map(URI::create)
                .or(() -> Optional.of(USUAL)
                        .filter(usual -> Files.exists(Path.of(usual.getPath())) && new DockerApi(usual).answers()));
    }

    /** Stops a private engine that a killed process left in this data folder. */
    public static void cleanUp(Path data) {
        PrivateDocker docker = new PrivateDocker(data, List.of(), true);
        if (docker.begun()) {
            docker.stop();
        }
    }

    /** Removes the containers that have a label, {@code key=value}. */
    public static void removeContainers(URI host, String label) {
        DockerApi api = new DockerApi(host);
        api.remove(api.labelled(label));
    }

    @Override
    public String name() {
        return "dockerd";
    }

    /** Where it answers, as {@code DOCKER_HOST} has it. */
    public URI host() {
        return isOwn() ? own.host() : existing().orElse(own.host());
    }

    /** Whether it is the private one. */
    public boolean isOwn() {
        return alwaysOwn || own.begun() || existing().isEmpty();
    }

    @Override
    public void start() {
        if (isOwn()) {
            own.start();
        }
    }

    @Override
    public void stop() {
        if (own.begun()) {
            own.stop();
        }
    }

    @Override
    public boolean lives() {
        return isOwn() ? own.lives() : answers();
    }

    @Override
    public boolean answers() {
        return new DockerApi(host()).answers();
    }

    /** Kills the private engine's daemon as a crash would; its containers live on. For tests of recovery. */
    public void killDaemon() {
        own.killDaemon();
    }
}
