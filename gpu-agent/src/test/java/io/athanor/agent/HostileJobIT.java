package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import io.athanor.agent.docker.TestImages;
import io.athanor.codec.Json;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs that mean harm: each is held, explained, and leaves the agent, its other jobs and the owner's files alone. */
@Tag("docker")
class HostileJobIT extends AgainstScriptedPlane {
    @Test
    void aForkBombAndAMemoryBombLeaveTheAgentAndItsOtherJobsWorking() throws Exception {
        LeaseId forks = Jobs.lease();
        LeaseId memory = Jobs.lease();
        plane.send(Jobs.shell(forks, "b() { b | b & }; while true; do b; done 2>/dev/null"));
        plane.send(Jobs.shell(memory, "exec tail /dev/zero"));
        agent.awaitStarted(forks);
        assertThat(agent.receipt(memory).ending()).isEqualTo(Ending.OUT_OF_MEMORY);
        LeaseId honest = Jobs.lease();
        plane.send(Jobs.shell(honest, "echo fine"));
        assertThat(agent.receipt(honest).ending()).isEqualTo(Ending.COMPLETED);
        assertThat(LocalStatus.read(agent.data)).contains("\"engineUp\":true");
        agent.agent().work().stop(forks, Ending.CANCELLED);
        assertThat(agent.receipt(forks).ending()).isIn(Ending.CANCELLED, Ending.OUT_OF_MEMORY, Ending.EXIT_CODE);
    }

    @Test
    void aJobThatFillsTheDiskIsStoppedByBytesAndByNames() {
        LeaseId bytes = Jobs.lease();
        LeaseId names = Jobs.lease();
        // Five sparse files of the largest size that a job may write: more than the network keeps of all outputs.
        plane.send(Jobs.shell(
                bytes,
                "for i in 1 2 3 4 5; do dd if=/dev/zero of=/out/f$i bs=1 count=0 seek=1073741824 2>/dev/null; done;"
                        + " dd if=/dev/zero of=/out/large bs=1 count=0 seek=1073741825 2>/dev/null || echo too large;"
                        + " sleep 50"));
        plane.send(Jobs.shell(names, "cd /out; seq 1 20001 | awk '{ f = \"n\" $1; print > f; close(f) }'; sleep 50"));
        for (LeaseId lease : List.of(bytes, names)) {
            Receipt receipt = agent.receipt(lease);
            assertThat(receipt.ending()).as(plane.log(lease)).isEqualTo(Ending.OUTPUT_LIMIT);
            assertThat(receipt.outputs()).isEmpty();
            agent.awaitForgotten(lease);
            assertThat(plane.log(lease)).contains("[athanor] OUTPUT_LIMIT: it has written more to /out than is kept");
            assertThat(agent.data.resolve("jobs").resolve(lease.toString())).doesNotExist();
        }
    }

    @Test
    void oneEndlessLineOfNoTextIsKeptByteByByte() {
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "head -c 20000000 /dev/zero | tr '\\0' '\\377'"));
        Receipt receipt = agent.receipt(lease);
        assertThat(receipt.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(receipt.logBytes()).isEqualTo(20_000_000);
        agent.awaitForgotten(lease);
        Awaitility.await().atMost(SOON).until(() -> plane.logBytes(lease).length == 20_000_000);
        assertThat(plane.logBytes(lease)).containsOnly(0xff);
    }

    @Test
    void anArchiveThatWouldUnpackToMuchIsDeliveredAsTheFewBytesThatItIs() {
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "head -c 50000000 /dev/zero | /bin/busybox gzip >/out/bomb.gz; ls -R /out"));
        Receipt receipt = agent.receipt(lease);
        assertThat(receipt.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(receipt.outputs()).extracting(Receipt.Output::path).containsExactly("bomb.gz");
        Receipt.Output bomb = receipt.outputs().getFirst();
        assertThat(bomb.bytes()).isBetween(1L, 100_000L);
        assertThat(plane.blobs().get(bomb.sha256())).hasSize((int) bomb.bytes());
    }

    @Test
    void theDeviceKeyAndARegistrysPasswordAreNowhereButInTheirFiles() throws Exception {
        agent.stop();
        String password = "b3duZXI6b25seS10aGUtb3duZXIta25vd3M";
        Files.writeString(
                agent.data.resolve("docker/config.json"),
                "{\"auths\": {\"registry.invalid\": {\"auth\": \"" + password + "\"}}}");
        byte[] key = Identity.of(agent.data).key().privateKey();
        List<String> secrets = List.of(
                password,
                HexFormat.of().formatHex(key),
                Base64.getEncoder().withoutPadding().encodeToString(key),
                new String(key, StandardCharsets.ISO_8859_1));
        agent.start();
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(lease, "env; cat /proc/self/mountinfo /proc/self/environ; ls -R /in /out /tmp; sleep 2"));
        agent.awaitStarted(lease);
        StringBuilder seen = new StringBuilder();
        try (DockerClient client = TestImages.client()) {
            seen.append(client.inspectContainerCmd("athanor-" + lease).exec());
        }
        seen.append(LocalStatus.read(agent.data));
        agent.receipt(lease);
        agent.awaitForgotten(lease);
        seen.append(plane.log(lease)).append(Json.text(plane.reports())).append(Json.text(plane.sessions()));
        seen.append(Files.readString(agent.data.resolve("spool"), StandardCharsets.ISO_8859_1));
        assertThat(seen.toString()).contains("ATHANOR_LEASE").doesNotContain(secrets);
        assertThat(Files.getPosixFilePermissions(agent.data.resolve("device.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(agent.data)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void nothingOutsideItsFoldersIsReadWrittenOrReached() throws Exception {
        Path owners = Files.writeString(agent.data.resolve("owners"), "secret of the machine");
        LeaseId lease = Jobs.lease();
        plane.send(Jobs.shell(
                lease,
                "ln -s " + owners + " /out/link; ln -s / /out/root; mkfifo /out/pipe; echo mine > /out/mine;"
                        + " cat " + owners + " 2>/dev/null && echo READ;"
                        + " mknod /tmp/disk b 254 0 2>/dev/null && echo MADE-DEVICE;"
                        + " ls /dev | grep -E '^(vda|sda|nvme|kmsg|mem|kvm|nvidia)' && echo SAW-DEVICE;"
                        + " ping -c 1 -W 1 127.0.0.1 >/dev/null 2>&1 && echo RAW-SOCKET;"
                        + " wget -T 2 -q -O- http://169.254.169.254/ 2>/dev/null && echo METADATA;"
                        + " echo 1 > /proc/sys/kernel/panic 2>/dev/null && echo SYSCTL;"
                        + " ls /proc/1/root/home 2>/dev/null && echo HOST-HOME; echo done"));
        Receipt receipt = agent.receipt(lease);
        assertThat(receipt.outputs()).extracting(Receipt.Output::path).containsExactly("mine");
        agent.awaitForgotten(lease);
        assertThat(plane.log(lease).lines())
                .contains("done")
                .anyMatch(line -> line.contains("not delivered") && line.endsWith("/out/link"))
                .noneMatch(line -> line.matches("READ|MADE-DEVICE|SAW-DEVICE|RAW-SOCKET|METADATA|SYSCTL|HOST-HOME"));
        assertThat(owners).hasContent("secret of the machine");
    }
}
