package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.codec.Json;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.Enroll;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Debian package on a Debian system: installed, used, upgraded under a running job, removed and purged. */
@Tag("docker")
class PackageIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final long MIB = 1 << 20;
    private static final long PACKAGE_MIB = 40;
    private static final long IDLE_RSS_MIB = 100;

    private final Path data = TestEngines.folder("agent");
    private final Path socket = socket();
    private DebianRoot debian;

    @BeforeEach
    void prepare() throws Exception {
        debian = new DebianRoot(List.of(data, socket, AgentPackage.FIRST.getParent()));
    }

    @AfterEach
    void leave() {
        debian.close();
    }

    private static Path socket() {
        try {
            return Path.of(TestEngines.dockerHost().getPath()).toRealPath();
        } catch (IOException failed) {
            throw new IllegalStateException("this test gives the engine's socket into a chroot", failed);
        }
    }

    @Test
    void installsUpgradesUnderARunningJobAndLeavesNothingWhenPurged() throws Exception {
        assertThat(Files.size(AgentPackage.FIRST) / MIB).isLessThanOrEqualTo(PACKAGE_MIB);
        debian.sh("apt-get install -y --no-install-recommends " + AgentPackage.FIRST);
        assertThat(debian.sh("athanor-agent --version")).isEqualTo("athanor-agent 0.1.0");
        assertThat(debian.sh("stat -c '%a %U' /var/lib/athanor-agent")).isEqualTo("700 athanor-agent");
        assertThat(debian.sh("id -nG athanor-agent")).contains("docker");
        assertThat(debian.sh("dpkg --verify athanor-agent")).isEmpty();
        debian.sh("systemd-analyze verify /lib/systemd/system/athanor-agent.service");
        debian.sh("echo ATHANOR_REGION=my-cellar >>/etc/athanor-agent/agent.env; chown -R athanor-agent " + data);

        try (ScriptedControlPlane plane = new ScriptedControlPlane()) {
            plane.trust(Identity.of(data).key().publicKey());
            enrolAsTheGuideSays(plane);
            upgradeUnderARunningJob(plane);
        }

        debian.sh("apt-get remove -y athanor-agent");
        assertThat(debian.sh("ls /usr/bin/athanor-agent /usr/lib/athanor-agent 2>/dev/null || true"))
                .isEmpty();
        assertThat(debian.sh("cat /etc/athanor-agent/agent.env")).contains("my-cellar");
        debian.sh("apt-get purge -y athanor-agent");
        assertThat(debian.sh("ls -d /etc/athanor-agent /var/lib/athanor-agent 2>/dev/null || true"))
                .isEmpty();
        assertThat(debian.sh("getent passwd athanor-agent || true")).isEmpty();
    }

    /** What a new provider types, in the guide's order, but for systemd and for the wallet's part of it. */
    private void enrolAsTheGuideSays(ScriptedControlPlane plane) throws Exception {
        String folder = " --data " + data;
        String doctor = debian.sh("athanor-agent doctor --server " + plane.uri() + folder + " --docker-host unix://"
                + socket + " --simulated-gpus 1xH200 || true");
        assertThat(doctor).contains("container engine", "SIMULATED GPU", "server " + plane.uri() + " answers");
        String identity = debian.sh("athanor-agent identity" + folder);
        Wallet owner = Wallet.parse("0x90F79bf6EB2c4f870365E785982E1f101E93b906");
        Authorization signed = new Authorization(
                new CommandId(UUID.randomUUID()), owner, owner, Instant.parse("2030-01-01T00:00:00Z"), "0x00");
        Files.write(data.resolve("authorization.json"), Json.bytes(signed));
        debian.sh("cd " + data + "; athanor-agent enroll athe_token --authorization authorization.json" + folder
                + " --server " + plane.uri() + " --region eu-west --docker-host unix://" + socket
                + " --simulated-gpus 1xH200");
        Enroll request = Objects.requireNonNull(plane.enrolled());
        assertThat(identity).contains(request.machine().toString(), request.agentKey());
        assertThat(request.token()).isEqualTo("athe_token");
        assertThat(request.authorization()).isEqualTo(signed);
        debian.sh("chown -R athanor-agent: " + data);
    }

    /** As the guide's last part says: what runs goes on, nothing new is taken, and then the agent is stopped. */
    private void drainAsTheGuideSays(ScriptedControlPlane plane) throws Exception {
        debian.sh("athanor-agent drain --wait-seconds 60 --data " + data);
        assertThat(debian.sh("athanor-agent status --data " + data)).contains("\"draining\":true");
        LeaseId late = Jobs.lease();
        plane.send(Jobs.shell(late, "true"));
        await().atMost(SOON)
                .until(() -> plane.reports().stream()
                        .anyMatch(report -> report instanceof AgentReport.Declined declined
                                && declined.lease().equals(late)));
        debian.sh("athanor-agent drain --cancel --data " + data);
    }

    private void upgradeUnderARunningJob(ScriptedControlPlane plane) throws Exception {
        Process first = startService(plane);
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "id -u; echo run >> /out/runs; while ! [ -e /out/upgraded ]; do sleep 0.2; done"));
        await().atMost(SOON).until(() -> started(plane, lease));
        assertThat(plane.sessions().getLast().agentVersion()).isEqualTo("0.1.0");
        assertThat(plane.sessions().getLast().inventory().region()).hasToString("my-cellar");

        // As the package's postinst does it through systemd: the old program ends after the new one lies there.
        debian.sh("dpkg -i " + AgentPackage.repacked("0.1.1"));
        assertThat(first.isAlive()).isTrue();
        assertThat(debian.sh("cat /etc/athanor-agent/agent.env")).contains("my-cellar");
        end(first);
        Process second = startService(plane);
        await().atMost(SOON).until(() -> plane.sessions().size() == 2);
        assertThat(plane.sessions().getLast().agentVersion()).isEqualTo("0.1.1");
        assertThat(plane.sessions().getLast().running()).containsExactly(lease);
        Files.createFile(data.resolve("jobs").resolve(lease.toString()).resolve("out/upgraded"));

        await().atMost(SOON).until(() -> !receipts(plane, lease).isEmpty());
        Receipt receipt = receipts(plane, lease).getFirst();
        assertThat(receipt.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(plane.blobs().get(receipt.outputs().getFirst().sha256()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("run\n");
        assertThat(plane.log(lease)).startsWith(debian.sh("id -u athanor-agent") + "\n");
        long rss = residentMib(second);
        assertThat(rss).as("resident memory of the idle agent, MiB").isLessThanOrEqualTo(IDLE_RSS_MIB);
        drainAsTheGuideSays(plane);
        end(second);
        assertThat(receipts(plane, lease))
                .as("receipts of the job, over both programs")
                .hasSize(1);
        assertThat(plane.reports())
                .as("starts of the job's container")
                .filteredOn(report -> report instanceof AgentReport.Started started
                        && started.lease().equals(lease))
                .hasSize(1);
    }

    /** As the unit starts it, without systemd. */
    private Process startService(ScriptedControlPlane plane) throws IOException {
        return debian.start(
                "set -a; . /etc/athanor-agent/agent.env; ATHANOR_SIMULATED_GPUS=1xH200; ATHANOR_DATA=" + data
                        + "; ATHANOR_SERVER=" + plane.uri() + "; ATHANOR_DOCKER_HOST=unix://" + socket
                        + "; exec setpriv --reuid athanor-agent --regid athanor-agent --init-groups"
                        + " /usr/lib/athanor-agent/athanor-agent run --container-label athanor.test="
                        + TestEngines.containerLabel(),
                TestEngines.folder("service").resolve("agent.log"));
    }

    private static void end(Process agent) throws InterruptedException {
        agent.destroy();
        assertThat(agent.waitFor()).isBetween(0, 143);
    }

    private static long residentMib(Process agent) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static boolean started(ScriptedControlPlane plane, LeaseId lease) {
        return plane.reports().stream()
                .anyMatch(report -> report instanceof AgentReport.Started started
                        && started.lease().equals(lease));
    }

    private static List<Receipt> receipts(ScriptedControlPlane plane, LeaseId lease) {
        return plane.reports().stream()
                .filter(report -> report instanceof AgentReport.Ended ended
                        && ended.lease().equals(lease))
                .map(report -> ((AgentReport.Ended) report).receipt())
                .toList();
    }
}
