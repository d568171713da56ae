package io.athanor.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import io.athanor.agent.docker.ContainerPlan.Gpus;
import io.athanor.agent.docker.ContainerPlan.Limits;
import io.athanor.agent.logs.LogRing;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.local.TestEngines;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One container's life on a real engine. */
@Tag("docker")
class ContainerIT {
    private static final TestContainers CONTAINERS = new TestContainers();

    private static final Pattern GAP = Pattern.compile("\n\\[athanor] LOG_GAP bytes=(\\d+)\n");

    @AfterAll
    static void remove() {
        CONTAINERS.close();
    }

    @Test
    void runsACommandAndKeepsEveryByteOfItsOutput() throws Exception {
        ContainerPlan plan = CONTAINERS.shell("echo first; cat /in/scene; echo result > /out/tile; exit 3");
        Files.writeString(plan.inputs().resolve("scene"), "input\n");
        TestContainers.Run run = CONTAINERS.run(plan);
        assertThat(run.log()).isEqualTo("first\ninput\n");
        assertThat(run.ended().exitCode()).isEqualTo(3);
        assertThat(ExitVerdict.of(run.ended())).isEqualTo(Ending.EXIT_CODE);
        assertThat(plan.outputs().resolve("tile")).hasContent("result");
        assertThat(ExitVerdict.of(CONTAINERS.run(CONTAINERS.shell("true")).ended()))
                .isEqualTo(Ending.COMPLETED);
    }

    @Test
    void aJobSeesItselfLockedIn() throws Exception {
        TestContainers.Run run = CONTAINERS.run(CONTAINERS.shell("""
                id -u; grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status
                touch /etc/x 2>/dev/null && echo WROTE-ROOT
                touch /in/x 2>/dev/null && echo WROTE-IN
                touch /tmp/x && echo wrote-tmp
                touch /out/x && echo wrote-out
                dd if=/dev/zero of=/tmp/fill bs=1M count=64 2>/dev/null || echo tmp-is-bounded
                mount -t tmpfs none /tmp 2>/dev/null && echo MOUNTED
                ls /sys/class/net; ls /var/run/docker.sock 2>/dev/null && echo SOCKET; true
                """));
        assertThat(run.log().lines())
                .contains(
                        "64213",
                        "CapEff:\t0000000000000000",
                        "CapBnd:\t0000000000000000",
                        "NoNewPrivs:\t1",
                        "Seccomp:\t2",
                        "wrote-tmp",
                        "wrote-out",
                        "tmp-is-bounded",
                        "lo")
                .noneMatch(line -> line.matches("WROTE.*|MOUNTED|SOCKET|eth.*"));
    }

    @Test
    void theEngineIsAskedForEveryLimit() throws Exception {
        ContainerPlan plan = CONTAINERS.shell("true");
        CONTAINERS.pull(plan.image());
        String id = CONTAINERS.engine.create(plan);
        try (DockerClient client = TestImages.client()) {
            var host =
                    Objects.requireNonNull(client.inspectContainerCmd(id).exec().getHostConfig());
            assertThat(host.getPrivileged()).isFalse();
            assertThat(host.getMemory()).isEqualTo(64L << 20).isEqualTo(host.getMemorySwap());
            assertThat(host.getPidsLimit()).isEqualTo(64);
            assertThat(host.getNanoCPUs()).isEqualTo(1_000_000_000L);
            assertThat(host.getReadonlyRootfs()).isTrue();
            assertThat(host.getNetworkMode()).isEqualTo("none");
            assertThat(host.getDevices()).isNullOrEmpty();
            assertThat(host.getSecurityOpts()).containsExactly("no-new-privileges:true");
        }
    }

    @Test
    void variablesThatSteerTheHostAreTakenAway() throws Exception {
        ContainerPlan plan = CONTAINERS.command(
                TestContainers.lease(),
                Map.of(
                        "NVIDIA_VISIBLE_DEVICES", "all",
                        "nvidia_driver_capabilities", "all",
                        "LD_PRELOAD", "/out/evil.so",
                        "ATHANOR_SIMULATED_GPUS", "no",
                        "SCENE", "teapot"),
                "/bin/env");
        assertThat(CONTAINERS.run(plan).log().lines())
                .contains("SCENE=teapot", "NVIDIA_VISIBLE_DEVICES=void", "LD_PRELOAD=", "ATHANOR_LEASE=" + plan.lease())
                .noneMatch(line -> line.contains("all") || line.contains("evil") || line.contains("SIMULATED"));
    }

    @Test
    void simulatedGpusAreNotPassedToTheEngineAndTheJobIsTold() throws Exception {
        Gpus simulated = new Gpus(List.of("SIM-1", "SIM-2"), true, false);
        ContainerPlan plan = CONTAINERS.plan(
                TestContainers.lease(), Map.of(), List.of("/bin/env"), simulated, new Limits(500, 32, 16, 8, 8));
        assertThat(CONTAINERS.run(plan).log().lines())
                .contains("ATHANOR_SIMULATED_GPUS=true", "NVIDIA_VISIBLE_DEVICES=void");
        assertThat(Isolation.deviceRequests(simulated)).isEmpty();
    }

    @Test
    void aRealGpuIsAskedForByUuidAndAnEngineWithoutItSaysSo() throws Exception {
        Gpus real = new Gpus(List.of("GPU-aaaa"), false, false);
        assertThat(Isolation.deviceRequests(real)).singleElement().satisfies(request -> {
            assertThat(request.getDriver()).isEqualTo("nvidia");
            assertThat(request.getDeviceIds()).containsExactly("GPU-aaaa");
            assertThat(request.getCount()).isNull();
        });
        assertThat(Isolation.deviceRequests(new Gpus(List.of("GPU-aaaa"), false, true)))
                .singleElement()
                .satisfies(request -> assertThat(request.getDeviceIds()).containsExactly("nvidia.com/gpu=GPU-aaaa"));
        ContainerPlan plan = CONTAINERS.plan(
                TestContainers.lease(), Map.of(), List.of("/bin/env"), real, new Limits(500, 32, 16, 8, 8));
        assertThatThrownBy(() -> CONTAINERS.run(plan))
                .isInstanceOf(StartFailure.class)
                .extracting(failure -> ((StartFailure) failure).failure())
                .isEqualTo(StartFailure.Cause.GPU_UNAVAILABLE);
    }

    @Test
    void aSecondCreationIsTheSameContainer() throws Exception {
        ContainerPlan plan = CONTAINERS.shell("true");
        CONTAINERS.pull(plan.image());
        String id = CONTAINERS.engine.create(plan);
        assertThat(CONTAINERS.engine.create(plan)).isEqualTo(id);
        ContainerPlan other = new ContainerPlan(
                plan.lease(),
                plan.node(),
                "sha256:other",
                plan.image(),
                plan.command(),
                plan.environment(),
                plan.limits(),
                plan.gpus(),
                plan.network(),
                plan.deadline(),
                plan.inputs(),
                plan.outputs(),
                plan.user());
        assertThatThrownBy(() -> CONTAINERS.engine.create(other))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("Another container has the name");
    }

    @Test
    void containersOfOthersAreNeitherSeenNorTouched() throws Exception {
        ContainerPlan mine = CONTAINERS.shell("true");
        CONTAINERS.pull(mine.image());
        CONTAINERS.engine.create(mine);
        LeaseId foreign = TestContainers.lease();
        try (DockerClient client = TestImages.client();
                TestContainers neighbour = new TestContainers()) {
            String id = client.createContainerCmd(mine.image().toString())
                    .withName(ContainerPlan.nameOf(foreign))
                    .withLabels(Map.of("athanor.test", TestEngines.containerLabel()))
                    .withCmd("/bin/true")
                    .exec()
                    .getId();
            assertThat(CONTAINERS.engine.find(foreign)).isEmpty();
            CONTAINERS.engine.remove(foreign);
            neighbour.engine.remove(mine.lease());
            assertThat(neighbour.engine.mine()).isEmpty();
            assertThat(CONTAINERS.engine.mine()).contains(mine.lease()).doesNotContain(foreign);
            assertThat(client.inspectContainerCmd(id).exec().getId()).isEqualTo(id);
            client.removeContainerCmd(id).withForce(true).exec();
        }
        CONTAINERS.engine.remove(mine.lease());
        assertThat(CONTAINERS.engine.find(mine.lease())).isEmpty();
    }

    @Test
    void aCommandThatIsMissingOrNoProgramIsExplained() {
        assertThatThrownBy(() -> CONTAINERS.run(CONTAINERS.command(TestContainers.lease(), Map.of(), "/bin/nope")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("/bin/nope does not exist in the image")
                .extracting(failure -> ((StartFailure) failure).failure().ending())
                .isEqualTo(Ending.COMMAND_NOT_FOUND);
        assertThatThrownBy(() -> CONTAINERS.run(CONTAINERS.command(TestContainers.lease(), Map.of(), "nope")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("nope does not exist in the image");
        assertThatThrownBy(() -> CONTAINERS.run(CONTAINERS.command(TestContainers.lease(), Map.of(), "/etc/plain")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("/etc/plain is not executable");
    }

    @Test
    void outOfMemoryIsToldFromAKillAndFromALostChild() throws Exception {
        String hog = "head -c 200m /dev/zero | tail >/dev/null";
        assertThat(ExitVerdict.of(
                        CONTAINERS.run(CONTAINERS.shell("exec tail /dev/zero")).ended()))
                .isEqualTo(Ending.OUT_OF_MEMORY);
        TestContainers.Run child = CONTAINERS.run(CONTAINERS.shell("(" + hog + "); echo survived; exit 0"));
        assertThat(child.log()).contains("survived");
        assertThat(ExitVerdict.of(child.ended())).isEqualTo(Ending.COMPLETED);
        TestContainers.Run own = CONTAINERS.run(CONTAINERS.shell("sh -c 'kill -9 $$'; exit $?"));
        assertThat(own.ended().exitCode()).isEqualTo(137);
        assertThat(ExitVerdict.of(own.ended())).isEqualTo(Ending.EXIT_CODE);
    }

    @Test
    void aPidsBombIsHeldAndTheEngineStillAnswers() throws Exception {
        TestContainers.Run run = CONTAINERS.run(
                CONTAINERS.shell("i=0; while [ $i -lt 300 ]; do sleep 5 & i=$((i+1)); done; echo never-reached"));
        assertThat(run.ended().exitCode()).isNotZero();
        assertThat(run.log()).doesNotContain("never-reached");
        assertThat(CONTAINERS.engine.facts().version()).isNotBlank();
    }

    @Test
    void aJobThatIgnoresTermIsKilledAfterTheGrace() throws Exception {
        ContainerPlan plan = CONTAINERS.shell("trap '' TERM; echo up; while true; do sleep 1; done");
        CONTAINERS.pull(plan.image());
        String id = CONTAINERS.engine.create(plan);
        try (LogRing ring = LogRing.open(TestEngines.folder("log"), TestContainers.LOG);
                LogAttachment attachment = CONTAINERS.engine.attach(id, ring)) {
            CONTAINERS.engine.start(id, plan);
            assertThat(ring.awaitBytesAt(0, Duration.ofSeconds(20))).isTrue();
            var exit = CONTAINERS.engine.exit(id);
            long before = System.nanoTime();
            CONTAINERS.engine.stop(id, Duration.ofSeconds(1));
            exit.get(10, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(8));
            assertThat(attachment.awaitEnd(Duration.ofSeconds(5))).isTrue();
            CONTAINERS.engine.stop(id, Duration.ofSeconds(1));
        }
    }

    @Test
    void aPausedContainerCanBeStopped() throws Exception {
        ContainerPlan plan = CONTAINERS.shell("sleep 60");
        CONTAINERS.pull(plan.image());
        String id = CONTAINERS.engine.create(plan);
        CONTAINERS.engine.start(id, plan);
        try (DockerClient client = TestImages.client()) {
            client.pauseContainerCmd(id).exec();
        }
        assertThat(CONTAINERS.engine.find(plan.lease()).orElseThrow().status()).isEqualTo(Observed.Status.PAUSED);
        CONTAINERS.engine.stop(id, Duration.ofSeconds(1));
        assertThat(CONTAINERS.engine.find(plan.lease()).orElseThrow().status()).isEqualTo(Observed.Status.EXITED);
    }

    @Test
    void aFastLogLosesNothingWithinItsBoundAndCountsTheRestBeyondIt() throws Exception {
        int bytes = 48 << 20;
        TestContainers.Run within = CONTAINERS.run(CONTAINERS.shell("yes 0123456789abcde | head -c " + bytes));
        assertThat(within.log()).hasSize(bytes).doesNotContain("LOG_GAP");

        ContainerPlan plan = CONTAINERS.shell("yes 0123456789abcde | head -c " + bytes);
        String id = CONTAINERS.engine.create(plan);
        LogRing.Bounds small = new LogRing.Bounds(4 << 20, 1 << 20, 256L << 20);
        try (LogRing ring = LogRing.open(TestEngines.folder("log"), small);
                LogAttachment attachment = CONTAINERS.engine.attach(id, ring)) {
            CONTAINERS.engine.start(id, plan);
            CONTAINERS.engine.exit(id).get(60, TimeUnit.SECONDS);
            assertThat(attachment.awaitEnd(Duration.ofSeconds(10))).isTrue();
            ring.finish();
            String log = TestContainers.text(ring);
            long lost = 0;
            for (var gap = GAP.matcher(log); gap.find(); ) {
                lost += Long.parseLong(gap.group(1));
            }
            assertThat(lost).isPositive();
            assertThat(GAP.matcher(log).replaceAll("").length() + lost).isEqualTo(bytes);
        }
    }
}
