package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.agent.docker.TestImages;
import io.athanor.agent.nvml.StubNvml;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.DockerEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An engine that is set up otherwise than the shared one: without live-restore, and with a stand-in for NVIDIA's container
 * hook on its search path, which notes what it is asked for and refuses a GPU that it does not know.
 */
@Tag("docker")
class OwnEngineIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String FIRST = "gpu GPU-aaaa name=NVIDIA_H100 serial=1 pci=00000000:41:00.0 mem=81559 cc=90";
    private static final String SECOND = "gpu GPU-bbbb name=NVIDIA_H100 serial=2 pci=00000000:42:00.0 mem=81559 cc=90";
    private static final String GONE = "gpu GPU-gone name=NVIDIA_H100 serial=3 pci=00000000:43:00.0 mem=81559 cc=90";

    private static final String SPLIT = "gpu GPU-split name=NVIDIA_H100 pci=00000000:44:00.0 mem=81559 mig=1 cc=90";
    private static final String INSTANCE = "mig MIG-1111 of=GPU-split name=NVIDIA_H100_MIG_1g.10gb mem=9728 gi=7";

    private static final Path HOOKS = TestEngines.folder("hooks");
    private static final Path ASKED = HOOKS.resolve("asked");
    private static DockerEngine engine;

    @BeforeAll
    static void startEngine() throws Exception {
        Path hook = Files.writeString(HOOKS.resolve("nvidia-container-runtime-hook"), """
            #!/bin/sh
            bundle=$(sed -n 's/.*"bundle":"\\([^"]*\\)".*/\\1/p')
            asked=$(grep -o '"NVIDIA_VISIBLE_DEVICES=[^"]*"' "$bundle/config.json" | tr -d '"' | sed 's/.*=//')
            printf '%%s\\n' "$(echo "$asked" | tr '\\n' ' ')" >>%s
            case "$asked" in
              *GPU-gone*) echo "nvidia-container-cli: device error: GPU-gone: unknown device" >&2; exit 1 ;;
            esac
            """.formatted(ASKED));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(ASKED);
        engine = DockerEngine.ownWithoutLiveRestore(TestEngines.folder("bare-docker"), List.of(HOOKS));
        engine.start();
    }

    @AfterAll
    static void stopEngine() {
        engine.stop();
    }

    @Test
    void aRestartOfAnEngineWithoutLiveRestoreIsALossAndNoSuccess() throws Exception {
        try (ScriptedControlPlane plane = new ScriptedControlPlane();
                RunningAgent agent = new RunningAgent(plane, "1xH200", "none", engine.host())) {
            agent.start();
            LeaseId killed = Jobs.lease();
            LeaseId polite = Jobs.lease();
            plane.send(Jobs.shell(killed, "sleep 50"));
            plane.send(Jobs.shell(polite, "trap 'exit 0' TERM; while true; do sleep 0.1; done"));
            agent.awaitStarted(killed);
            agent.awaitStarted(polite);
            engine.killDaemon();
            engine.start();
            await().atMost(LONG)
                    .until(() -> !agent.endings(killed).isEmpty()
                            && !agent.endings(polite).isEmpty());
            assertThat(agent.receipt(killed).ending()).isEqualTo(Ending.CONTAINER_LOST);
            assertThat(agent.receipt(polite).ending()).isEqualTo(Ending.CONTAINER_LOST);
            LeaseId after = Jobs.lease();
            plane.send(Jobs.shell(after, "echo again"));
            assertThat(agent.receipt(after).ending()).isEqualTo(Ending.COMPLETED);
        }
    }

    @Test
    void aGpuIsGivenByItsUuidAloneAndAJobWithoutOneSeesNone() throws Exception {
        StubNvml stub = StubNvml.build(TestEngines.folder("nvml"));
        stub.state("driver 570.1", FIRST, SECOND, GONE, SPLIT, INSTANCE);
        try (ScriptedControlPlane plane = new ScriptedControlPlane();
                RunningAgent agent = new RunningAgent(plane, null, stub.library(), engine.host())) {
            agent.start();
            LeaseId first = Jobs.lease();
            LeaseId second = Jobs.lease();
            LeaseId none = Jobs.lease();
            LeaseId lost = Jobs.lease();
            LeaseId slice = Jobs.lease();
            plane.send(Jobs.start(first, tricky(), List.of("GPU-aaaa")));
            plane.send(Jobs.start(second, tricky(), List.of("GPU-bbbb")));
            plane.send(Jobs.start(none, tricky(), List.of()));
            plane.send(Jobs.start(slice, tricky(), List.of("MIG-1111")));
            plane.send(Jobs.start(lost, tricky(), List.of("GPU-gone")));
            for (LeaseId lease : List.of(first, second, none, slice)) {
                assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.COMPLETED);
                agent.awaitForgotten(lease);
            }
            assertThat(plane.log(first))
                    .contains("NVIDIA_VISIBLE_DEVICES=GPU-aaaa")
                    .doesNotContain("all", "GPU-bbbb");
            assertThat(plane.log(second))
                    .contains("NVIDIA_VISIBLE_DEVICES=GPU-bbbb")
                    .doesNotContain("GPU-aaaa");
            assertThat(plane.log(slice))
                    .contains("NVIDIA_VISIBLE_DEVICES=MIG-1111")
                    .doesNotContain("GPU-");
            assertThat(plane.log(none)).contains("NVIDIA_VISIBLE_DEVICES=void").doesNotContain("GPU-");
            assertThat(agent.receipt(lost).ending()).isEqualTo(Ending.GPU_LOST);
            agent.awaitForgotten(lost);
            assertThat(plane.log(lost)).contains("could not give the GPU to the container", "GPU-gone: unknown device");
            // The hook runs for containers with a GPU, and was asked for these four and for nothing else.
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(Files.readString(ASKED)
                                    .lines()
                                    .flatMap(line -> List.of(line.strip().split(" ")).stream())
                                    .distinct())
                            .containsExactlyInAnyOrder("GPU-aaaa", "GPU-bbbb", "GPU-gone", "MIG-1111"));
        }
    }

    /** A job that asks for every GPU by the environment. */
    private static JobSpec tricky() {
        JobSpec spec =
                Jobs.spec(TestImages.busybox().toString(), Map.of(), 60_000, "/bin/sh", "-c", "env | grep NVIDIA");
        return new JobSpec(
                spec.name(),
                spec.image(),
                spec.command(),
                Map.of("NVIDIA_VISIBLE_DEVICES", "all", "NVIDIA_DRIVER_CAPABILITIES", "all"),
                spec.tasks(),
                spec.gpus(),
                spec.cpuMillis(),
                spec.memoryMib(),
                spec.maxDurationMillis(),
                spec.maxPrice(),
                spec.cap(),
                spec.inputs(),
                spec.network(),
                spec.regions());
    }
}
