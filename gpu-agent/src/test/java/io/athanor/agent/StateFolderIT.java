package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.athanor.agent.docker.TestImages;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The agent's data folder on a file system of its own, which fills up or cannot be written. */
@Tag("docker")
class StateFolderIT {
    private static final int LINES = 4_000;
    private static final int LINE_BYTES = 100;
    private static final Pattern GAP = Pattern.compile("\\n\\[athanor] LOG_GAP bytes=(\\d+)\\n");

    @Test
    void aFullDiskLosesNoResultAndTheLogSaysExactlyWhatIsMissing() throws Exception {
        try (ScriptedControlPlane plane = new ScriptedControlPlane()) {
            RunningAgent agent = new RunningAgent(plane, "1xH200", "none");
            mount(agent.data, "size=16m");
            try {
                plane.trusting(agent.data);
                agent.disk(new AgentSettings.Disk(0, 0));
                agent.start();
                LeaseId lease = Jobs.lease();
                plane.send(Jobs.shell(lease, """
                        echo before
                        while [ ! -e /in/go ]; do sleep 0.1; done
                        yes %s | head -n %d
                        """.formatted("x".repeat(LINE_BYTES - 1), LINES)));
                agent.awaitStarted(lease);
                await().atMost(SOON).until(() -> plane.log(lease).equals("before\n"));
                Path ballast = fill(agent.data);
                Files.createFile(agent.data.resolve("jobs/" + lease + "/in/go"));
                LeaseId waiting = Jobs.lease();
                plane.send(Jobs.shell(waiting, "true"));
                await().atMost(SOON).until(() -> !runs(lease));
                assertThat(LocalStatus.read(agent.data)).contains("\"engineUp\":true");
                assertThat(agent.endings(lease)).isEmpty();

                Files.delete(ballast);
                assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.COMPLETED);
                assertThat(agent.receipt(waiting).ending()).isEqualTo(Ending.COMPLETED);
                agent.awaitForgotten(lease);
                agent.awaitForgotten(waiting);
                assertThat(keptAndLost(plane.log(lease))).isEqualTo("before\n".length() + LINES * LINE_BYTES);
                assertThat(plane.log(lease)).contains("LOG_GAP");
                agent.close();
            } finally {
                run("umount", "-l", agent.data.toString());
            }
        }
    }

    private static boolean runs(LeaseId lease) throws IOException {
        try (DockerClient client = TestImages.client()) {
            return Boolean.TRUE.equals(client.inspectContainerCmd("athanor-" + lease)
                    .exec()
                    .getState()
                    .getRunning());
        }
    }

    private static long keptAndLost(String log) {
        Matcher gap = GAP.matcher(log);
        long lost =
                gap.results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
        return gap.reset().replaceAll("").length() + lost;
    }

    private static Path fill(Path folder) throws IOException {
        Path ballast = folder.resolve("ballast");
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (int i = 0; i < 1 << 16; i++) {
                out.write(new byte[1 << 10]);
            }
            throw new IllegalStateException("the disk of 16 MiB took 64");
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
            return ballast;
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidAtTheStart() throws Exception {
        Path data = TestEngines.folder("agent");
        mount(data, "size=1m");
        try {
            Identity.of(data);
            run("mount", "-o", "remount,ro", data.toString());
            StringWriter err = new StringWriter();
            int exit = Main.commandLine()
                    .setErr(new PrintWriter(err))
                    .execute("run", "--data", data.toString(), "--server", "http://127.0.0.1:1");
            assertThat(exit).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("athanor-agent: the data folder " + data + " cannot be used: ")
                    .contains("Read-only file system", "must be on a disk that can be written");
        } finally {
            run("umount", data.toString());
        }
    }

    private static void mount(Path folder, String options) throws IOException, InterruptedException {
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
