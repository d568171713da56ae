package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.agent.docker.TestImages;
import io.athanor.codec.Json;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.Enroll;
import io.athanor.local.TestEngines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands, as their users call them. */
@Tag("docker")
class CommandsIT {
    private final Path data = TestEngines.folder("agent");

    private record Called(int exit, String out, String err) {}

    private Called call(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        return new Called(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    @Test
    void enrolsTheIdentityThatItShowedUnderTheOwnersAuthorisation() throws Exception {
        Called identity = call("identity");
        assertThat(identity.exit()).isZero();
        Wallet owner = Wallet.parse("0x90F79bf6EB2c4f870365E785982E1f101E93b906");
        Authorization authorization = new Authorization(
                new CommandId(UUID.randomUUID()), owner, owner, Instant.parse("2030-01-01T00:00:00Z"), "0x00");
        Path file = Files.write(data.resolve("authorization.json"), Json.bytes(authorization));
        try (ScriptedControlPlane plane = new ScriptedControlPlane()) {
            plane.trust(Identity.of(data).key().publicKey());
            Called enrolled = call(
                    "enroll",
                    "token-1",
                    "--authorization",
                    file.toString(),
                    "--server",
                    plane.uri().toString(),
                    "--docker-host",
                    TestEngines.dockerHost().toString(),
                    "--simulated-gpus",
                    "2xH200",
                    "--region",
                    "eu-west");
            assertThat(enrolled.err()).isEmpty();
            Enroll request = Objects.requireNonNull(plane.enrolled());
            assertThat(identity.out())
                    .contains(request.agentKey(), request.machine().toString());
            assertThat(enrolled.out()).contains(request.machine().toString());
            assertThat(request.authorization()).isEqualTo(authorization);
            assertThat(request.inventory().simulated()).isTrue();
            assertThat(request.inventory().region()).hasToString("eu-west");
            assertThat(request.inventory().gpus()).hasSize(2);
        }
        Called away = call(
                "enroll",
                "t",
                "--authorization",
                file.toString(),
                "--server",
                "http://127.0.0.1:1",
                "--docker-host",
                TestEngines.dockerHost().toString());
        assertThat(away.exit()).isEqualTo(1);
        assertThat(away.err()).startsWith("athanor-agent: ").hasLineCount(1);
    }

    @Test
    void runsAJobFileWithoutAServer() throws Exception {
        byte[] scene = "scene".getBytes(StandardCharsets.UTF_8);
        Path input = Files.write(data.resolve("scene"), scene);
        JobSpec spec = Jobs.spec(
                TestImages.busybox().toString(),
                Map.of("scene", new JobSpec.Input(Sha256.of(scene), scene.length)),
                60_000,
                "/bin/sh",
                "-c",
                "mkdir /out/t; cat /in/scene > /out/t/tile-$ATHANOR_TASK_INDEX");
        Path job = Files.write(data.resolve("job.json"), Json.bytes(spec));
        Path outputs = data.resolve("results");
        Called ran = call(
                "run-local",
                job.toString(),
                "--task",
                "3",
                "--input",
                "scene=" + input,
                "--outputs",
                outputs.toString(),
                "--docker-host",
                TestEngines.dockerHost().toString(),
                "--container-label",
                "athanor.test=" + TestEngines.containerLabel());
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(Json.read(ran.out(), Receipt.class).ending()).isEqualTo(Ending.COMPLETED);
        assertThat(outputs.resolve("t/tile-3")).hasBinaryContent(scene);
        assertThat(data.resolve("jobs")).isEmptyDirectory();
    }

    @Test
    void aJobFileMayNameFilesBesideItAndItsImageIsNamedByDigest() throws Exception {
        Path folder = TestEngines.folder("job");
        Files.writeString(folder.resolve("scene.txt"), "sphere");
        Path job = Files.writeString(folder.resolve("job.json"), """
                {"name": "copy", "image": "127.0.0.1:1/none:latest", "command": ["/bin/cp", "/in/scene.txt", "/out/copy"],
                 "env": {}, "tasks": 1, "gpus": {"count": 1, "minMemoryMib": 8192, "allowSimulated": true},
                 "cpuMillis": 500, "memoryMib": 64, "maxDurationMillis": 60000, "maxPrice": "0", "cap": "0",
                 "inputs": {"scene.txt": "scene.txt"}, "network": "NONE", "regions": []}
                """);
        List<String> line = new ArrayList<>(List.of("run-local", job.toString(), "--outputs"));
        line.addAll(List.of(folder.resolve("out").toString(), "--simulated-gpus", "1xH200", "--docker-host"));
        line.addAll(List.of(TestEngines.dockerHost().toString(), "--container-label"));
        line.add("athanor.test=" + TestEngines.containerLabel());
        Called byTag = call(line.toArray(String[]::new));
        assertThat(byTag.exit()).isNotZero();
        assertThat(byTag.err()).contains("is not named by its digest", "--image");

        line.addAll(List.of("--image", TestImages.busybox().toString()));
        Called ran = call(line.toArray(String[]::new));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(folder.resolve("out/copy")).hasContent("sphere");
    }

    @Test
    void doctorTellsWhatIsMissingAndStatusThatNoAgentRuns() throws Exception {
        Called well = call(
                "doctor",
                "--docker-host",
                TestEngines.dockerHost().toString(),
                "--simulated-gpus",
                "1xH100",
                "--server",
                "http://127.0.0.1:1",
                "--egress-network",
                "bridge");
        assertThat(well.out())
                .contains(
                        "ok    container engine",
                        "ok    control groups",
                        "ok    jobs may reach the internet through the network bridge",
                        "SIMULATED GPU",
                        "WRONG server http://127.0.0.1:1");
        Called noNetwork = call(
                "doctor",
                "--docker-host",
                TestEngines.dockerHost().toString(),
                "--simulated-gpus",
                "1xH100",
                "--egress-network",
                "no-such-network");
        assertThat(noNetwork.out()).contains("WRONG the engine has no network no-such-network");
        try (ScriptedControlPlane plane = new ScriptedControlPlane()) {
            plane.trusting(data);
            Called measured = call("doctor", "--server", plane.uri().toString(), "--nvml", "none");
            assertThat(measured.out())
                    .containsPattern("the disk takes \\d+ MB/s, and a forced write \\d+ us")
                    .containsPattern("the line to the server: [1-9]\\d* Mbit/s down, [1-9]\\d* up");
        }
        Called ill = call("doctor", "--docker-host", "unix:///nonexistent.sock", "--nvml", "none");
        assertThat(ill.out()).contains("WRONG no container engine", "WRONG no GPU");
        assertThat(ill.exit()).isEqualTo(1);
        assertThat(call("status").err()).contains("no agent has run");
        assertThat(call("run", "--bogus").exit()).isEqualTo(2);
    }
}
