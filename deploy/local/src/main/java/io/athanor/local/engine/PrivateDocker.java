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
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A container engine of the network's own: containerd and dockerd with their own data, sockets, bridge and subnet.
 *
 * <p>Its sockets lie in {@code /run/athanor/KEY}, KEY a digest of the data folder, because a Unix socket's path has at
 * most 107 bytes. Containers outlive a killed dockerd; {@link #stop()} ends them first, and then leaves no process,
 * mount, interface or packet filter rule behind.
 */
final class PrivateDocker {

    private static final Duration SHIM_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int CONTAINER_STOP_SECONDS = 3;
    private static final int START_ATTEMPTS = 3;
    private static final int KEY_DIGITS = 10;
    private static final String CONTAINERD = "containerd";
    private static final String DOCKERD = "dockerd";

    private final ProcessRegistry registry;
    private final Path folder;
    private final Path run;
    private final List<Path> searchPath;
    private final boolean liveRestore;
    private final BridgeNetwork network;
    private final int preferredSlot;

    PrivateDocker(Path data, List<Path> searchPath, boolean liveRestore) {
        Path real = Trees.realFolder(data);
        String key = keyOf(real);
        this.registry = new ProcessRegistry(real);
        this.folder = real.resolve("docker");
        this.run = Path.of("/run/athanor", key);
        this.searchPath = List.copyOf(searchPath);
        this.liveRestore = liveRestore;
        this.network = new BridgeNetwork("ath" + key);
        this.preferredSlot = new BigInteger(key, 16).mod(BigInteger.valueOf(64)).intValue();
    }

    private static String keyOf(Path data) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(data.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, KEY_DIGITS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    URI host() {
        return URI.create("unix://" + run.resolve("docker.sock"));
    }

    /** Whether this data folder has ever had a private engine. */
    boolean begun() {
        return Files.isDirectory(folder);
    }

    void start() {
        requirePrograms();
        Trees.folder(folder);
        Trees.folder(run);
        startContainerd();
        startDockerd();
    }

    private void startContainerd() {
        Startup.adoptOrStart(
                registry,
                containerdSpec(),
                () -> Files.exists(containerdSocket()),
                () -> Trees.delete(containerdSocket()));
    }

    private void startDockerd() {
        ProcessSpec spec = dockerdSpec(network.ensure(preferredSlot));
        for (int attempt = 1; true; attempt++) {
            try {
                Startup.adoptOrStart(registry, spec, this::answers, this::clearTheWay);
                return;
            } catch (EngineFailure failed) {
                // Engines of one machine share its packet filter: one that starts may find a chain gone that another
                // one
                // is just making anew, and ends. A service manager starts it again, and so does this.
                if (attempt == START_ATTEMPTS) {
                    throw failed;
                }
            }
        }
    }

    private void clearTheWay() {
        // The pid in the file may be another process's by now, and dockerd would refuse to start.
        Trees.delete(run.resolve("dockerd.pid"));
        Trees.delete(run.resolve("docker.sock"));
    }

    boolean lives() {
        return registry.live(DOCKERD).isPresent() && registry.live(CONTAINERD).isPresent();
    }

    boolean answers() {
        return new DockerApi(host()).answers();
    }

    void stop() {
        DockerApi api = new DockerApi(host());
        api.stop(api.running(), CONTAINER_STOP_SECONDS);
        registry.stop(DOCKERD);
        registry.stop(CONTAINERD);
        killShims();
        Mounts.removeBelow(folder);
        Mounts.removeBelow(run);
        network.remove();
        Trees.delete(run);
    }

    void killDaemon() {
        registry.live(DOCKERD).ifPresent(ManagedProcess::kill);
    }

    /** Ends what runs under this engine's containerd: exactly the shims that were given its socket's address. */
    private void killShims() {
        List<ProcessHandle> shims = ProcessHandle.allProcesses()
                .filter(process -> servesOurContainerd(process.pid()))
                .toList();
        List<ProcessHandle> all = new ArrayList<>(shims);
        shims.forEach(shim -> shim.descendants().forEach(all::add));
        all.stream()
                .flatMap(process -> ProcessIdentity.ofLive(process.pid()).stream())
                .toList()
                .forEach(process -> process.signal(ProcessSignal.KILL));
        Waiting.until(SHIM_LIMIT, POLL, () -> shims.stream().noneMatch(s -> servesOurContainerd(s.pid())));
    }

    private boolean servesOurContainerd(long pid) {
        try {
            List<String> arguments = List.of(
                    Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"));
            int address = arguments.indexOf("-address");
            return arguments.getFirst().contains("containerd-shim")
                    && address >= 0
                    && address + 1 < arguments.size()
                    && arguments.get(address + 1).equals(containerdSocket().toString());
        } catch (IOException gone) {
            return false;
        }
    }

    private Path containerdSocket() {
        return run.resolve("containerd.sock");
    }

    private ProcessSpec containerdSpec() {
        Path configuration = folder.resolve("containerd.toml");
        write(configuration, """
            version = 2
            root = "%s"
            state = "%s"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.aufs",
              "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
              "io.containerd.snapshotter.v1.zfs"]
            [grpc]
              address = "%s"
            """.formatted(folder.resolve(CONTAINERD), run.resolve(CONTAINERD), containerdSocket()));
        List<String> command = List.of(program(CONTAINERD), "--config", configuration.toString());
        return ProcessSpec.of(CONTAINERD, command, folder, 0).with(environment());
    }

    private ProcessSpec dockerdSpec(int slot) {
        Path configuration = folder.resolve("daemon.json");
        // An own, empty file: the machine's /etc/docker/daemon.json is not for this engine.
        write(configuration, "{}\n");
        List<String> command = List.of(
                program(DOCKERD),
                "--config-file=" + configuration,
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + run.resolve("exec"),
                "--pidfile=" + run.resolve("dockerd.pid"),
                "--host=" + host(),
                "--containerd=" + containerdSocket(),
                "--containerd-namespace=athanor",
                "--containerd-plugins-namespace=athanor-plugins",
                "--bridge=" + network.bridge(),
                "--default-address-pool=" + BridgeNetwork.pool(slot),
                "--exec-opt=native.cgroupdriver=cgroupfs",
                "--live-restore=" + liveRestore,
                "--log-level=warn");
        return ProcessSpec.of(DOCKERD, command, folder, 0).with(environment());
    }

    private Map<String, String> environment() {
        List<String> folders =
                new ArrayList<>(searchPath.stream().map(Path::toString).toList());
        folders.add("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        return Map.of("PATH", String.join(":", folders));
    }

    private static void requirePrograms() {
        if (!UnprivilegedUser.isRoot()) {
            throw new EngineFailure(
                    "No Docker Engine answers, and only root can start a private one.",
                    "Start Docker and join its group, set DOCKER_HOST, or run as root.");
        }
        List.of(DOCKERD, CONTAINERD, "runc", "iptables", "ip").forEach(PrivateDocker::program);
    }

    private static String program(String name) {
        return Commands.find(name)
                .orElseThrow(() -> new EngineFailure(
                        "The program '" + name + "' is missing.", "apt-get install docker.io iptables iproute2"))
                .toString();
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
