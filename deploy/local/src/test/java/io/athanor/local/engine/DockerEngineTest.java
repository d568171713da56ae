package io.athanor.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.local.TestEngines;
import io.athanor.local.process.Commands;
import io.athanor.local.process.Ports;
import io.athanor.local.process.ProcessIdentity;
import io.athanor.local.process.ProcessRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("docker")
class DockerEngineTest {

    private static Path data;
    private static Path hooks;
    private static DockerEngine engine;
    private static RegistryEngine registry;

    @BeforeAll
    static void start() {
        data = TestEngines.folder("docker-engine");
        hooks = TestEngines.folder("hooks");
        engine = DockerEngine.own(data, List.of(hooks));
        engine.start();
        registry = new RegistryEngine(data, Ports.free());
        registry.start();
        importBusybox();
    }

    @AfterAll
    static void stop() {
        registry.stop();
        engine.stop();
    }

    /** An image of one static program. */
    private static void importBusybox() {
        Path root = TestEngines.folder("image");
        Commands.require(
                List.of(
                        "/bin/sh",
                        "-c",
                        "mkdir -p \"$1/bin\" && cp /bin/busybox \"$1/bin/\" && ln -s busybox \"$1/bin/sh\""
                                + " && ln -s busybox \"$1/bin/sleep\" && tar -C \"$1\" -cf \"$1.tar\" .",
                        "sh",
                        root.toString()),
                "apt-get install busybox-static");
        docker("import", root + ".tar", "busybox:test");
    }

    private static String docker(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("docker", "--host", engine.host().toString()));
        command.addAll(List.of(arguments));
        return Commands.require(command, "apt-get install docker.io").strip();
    }

    private static ProcessIdentity process(String name) {
        return new ProcessRegistry(data).live(name).orElseThrow().identity();
    }

    @Test
    void containersOutliveAKilledDaemonAndANewOneFindsThem() {
        String container = docker("run", "--detach", "busybox:test", "sleep", "300");
        String pid = docker("inspect", "--format", "{{.State.Pid}}", container);
        ProcessIdentity inside = ProcessIdentity.ofLive(Long.parseLong(pid)).orElseThrow();
        ProcessIdentity killed = process("dockerd");
        engine.killDaemon();
        assertThat(engine.answers()).isFalse();
        assertThat(inside.isAlive()).isTrue();

        engine.start();

        assertThat(process("dockerd")).isNotEqualTo(killed);
        assertThat(docker("inspect", "--format", "{{.State.Running}} {{.State.Pid}}", container))
                .isEqualTo("true " + pid);
    }

    @Test
    void aLiveDaemonIsAdopted() {
        ProcessIdentity first = process("dockerd");

        engine.start();

        assertThat(process("dockerd")).isEqualTo(first);
    }

    @Test
    void aContainerOfAnOwnNetworkHasAnAddressOfTheEngine() {
        docker("network", "create", "jobs");

        String addresses = docker("run", "--rm", "--network", "jobs", "busybox:test", "busybox", "ip", "-4", "addr");

        assertThat(addresses).contains("inet 10.");
    }

    @Test
    void hooksComeFirstOnTheDaemonsSearchPath() throws IOException {
        assertThat(Files.readString(Path.of("/proc/" + process("dockerd").pid() + "/environ")))
                .contains("PATH=" + hooks + ":");
    }

    @Test
    void anImageGoesToTheRegistryAndComesBack() {
        String name = registry.address() + "/test/busybox:1";
        docker("tag", "busybox:test", name);
        docker("push", name);
        docker("rmi", name);

        docker("pull", name);

        assertThat(docker("image", "inspect", "--format", "{{index .RepoDigests 0}}", name))
                .contains("@sha256:");
    }

    @Test
    void containersAreRemovedByTheirLabel() {
        String mine = docker("run", "--detach", "--label", "athanor.test=x1", "busybox:test", "sleep", "300");
        String other = docker("run", "--detach", "--label", "athanor.test=x2", "busybox:test", "sleep", "300");

        DockerEngine.removeContainers(engine.host(), "athanor.test=x1");

        assertThat(docker("ps", "--all", "--quiet", "--no-trunc"))
                .contains(other)
                .doesNotContain(mine);
    }

    @Test
    void stoppingLeavesNothingBehind() {
        Path own = TestEngines.folder("docker-gone");
        DockerEngine gone = DockerEngine.own(own, List.of());
        gone.start();
        String bridges = Commands.require(List.of("ip", "-o", "link"), "apt-get install iproute2");
        String socket = gone.host().getPath();
        assertThat(Path.of(socket)).exists();
        assertThat(gone.answers()).isTrue();
        String bridge = "ath" + Path.of(socket).getName(2);
        assertThat(bridges).contains(bridge);

        gone.stop();

        assertThat(new ProcessRegistry(own).allLive()).isEmpty();
        assertThat(Path.of(socket).resolveSibling("")).doesNotExist();
        assertThat(Mounts.below(own)).isEmpty();
        assertThat(Commands.require(List.of("ip", "-o", "link"), "apt-get install iproute2"))
                .doesNotContain(bridge);
        assertThat(Commands.require(List.of("iptables-save"), "apt-get install iptables"))
                .doesNotContain(bridge);
    }
}
