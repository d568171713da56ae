package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The agent as a container, built by the recipe and run as the provider's guide says. */
@Tag("docker")
class ContainerImageIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String NAME =
            "athanor-agent-" + ProcessHandle.current().pid();
    private static final String BASE = NAME + "-base";

    private final Path data = TestEngines.folder("agent");
    private final Path socket = Path.of(TestEngines.dockerHost().getPath());

    /** What the recipe asks of its base: glibc, zlib and a shell; here Debian's, and busybox for the shell. */
    @BeforeEach
    void build() throws Exception {
        Path folder = TestEngines.folder("base");
        run(List.of("sh", "-ec", """
                mkdir -p root/bin root/tmp
                cp /bin/busybox root/bin/
                for tool in sh dirname readlink; do ln -s busybox root/bin/$tool; done
                tar -cf base.tar -C root .
                dpkg -L libc6 zlib1g | while read -r file; do [ -d "$file" ] || echo "$file"; done >files
                tar -rf base.tar -T files 2>warnings
                """), folder);
        docker("import", folder.resolve("base.tar").toString(), BASE);
        Path root = AgentPackage.FIRST.resolveSibling("root");
        docker(
                "build",
                "-f",
                Path.of("package/Containerfile").toAbsolutePath().toString(),
                "--build-arg",
                "BASE=" + BASE,
                "-t",
                NAME,
                root.toString());
    }

    @AfterEach
    void leave() throws Exception {
        docker("rm", "-f", NAME);
        docker("rmi", "-f", NAME, BASE);
    }

    @Test
    void runsJobsBesideItselfAndComesBackToThem() throws Exception {
        // Another test of this process may have packed the same files as a later version.
        String version = Files.readString(AgentPackage.program().resolveSibling("version"));
        assertThat(docker("run", "--rm", NAME, "--version")).isEqualTo("athanor-agent " + version.strip());
        try (ScriptedControlPlane plane = new ScriptedControlPlane()) {
            plane.trust(Identity.of(data).key().publicKey());
            start(plane);
            LeaseId lease = Jobs.lease();
            plane.send(Jobs.shell(lease, "echo here >/out/said; while ! [ -e /out/back ]; do sleep 0.2; done"));
            await().atMost(SOON).until(() -> started(plane, lease));

            docker("rm", "-f", NAME);
            start(plane);
            await().atMost(SOON).until(() -> plane.sessions().size() == 2);
            assertThat(plane.sessions().getLast().running()).containsExactly(lease);
            Files.createFile(data.resolve("jobs").resolve(lease.toString()).resolve("out/back"));
            await().atMost(SOON).until(() -> ended(plane, lease) != null);

            AgentReport.Ended ended = Objects.requireNonNull(ended(plane, lease));
            assertThat(ended.receipt().ending()).isEqualTo(Ending.COMPLETED);
            assertThat(ended.receipt().outputs())
                    .filteredOn(output -> output.path().equals("said"))
                    .singleElement()
                    .satisfies(output -> assertThat(plane.blobs().get(output.sha256()))
                            .asString(StandardCharsets.UTF_8)
                            .isEqualTo("here\n"));
        }
    }

    private void start(ScriptedControlPlane plane) throws Exception {
        docker(
                "run",
                "--detach",
                "--name",
                NAME,
                "--network",
                "host",
                "--label",
                "athanor.test=" + TestEngines.containerLabel(),
                "-v",
                socket + ":/var/run/docker.sock",
                "-v",
                data + ":" + data,
                "-e",
                "ATHANOR_DATA=" + data,
                "-e",
                "ATHANOR_SERVER=" + plane.uri(),
                "-e",
                "ATHANOR_SIMULATED_GPUS=1xH200",
                NAME,
                "run",
                "--container-label",
                "athanor.test=" + TestEngines.containerLabel());
    }

    private static boolean started(ScriptedControlPlane plane, LeaseId lease) {
        return plane.reports().stream()
                .anyMatch(report -> report instanceof AgentReport.Started started
                        && started.lease().equals(lease));
    }

    private static AgentReport.@Nullable Ended ended(ScriptedControlPlane plane, LeaseId lease) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Ended ended
                        && ended.lease().equals(lease))
                .map(AgentReport.Ended.class::cast)
                .findFirst()
                .orElse(null);
    }

    private static String docker(String... arguments) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of("docker", "-H", TestEngines.dockerHost().toString()));
        line.addAll(List.of(arguments));
        return run(line, Path.of("."));
    }

    private static String run(List<String> command, Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + "\n" + said).isZero();
        return said.strip();
    }
}
