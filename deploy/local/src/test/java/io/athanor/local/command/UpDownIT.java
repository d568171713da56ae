package io.athanor.local.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.local.Main;
import io.athanor.local.TestEngines;
import io.athanor.local.network.Supervisor;
import io.athanor.local.process.Commands;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.Ports;
import io.athanor.local.process.ProcessIdentity;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The launcher's own processes, as a person starts and stops them. */
@Tag("postgres")
@Tag("chain")
@Tag("docker")
class UpDownIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Path data;
    private int portBase;

    @BeforeEach
    void begin() {
        data = TestEngines.folder("network");
        portBase = freeRange();
    }

    @AfterEach
    void end() {
        run("down");
    }

    private static int freeRange() {
        int base = Ports.free() % 30_000 + 20_000;
        while (!Ports.isFree(base) || !Ports.isFree(base + 2) || !Ports.isFree(base + 4) || !Ports.isFree(base + 6)) {
            base += 10;
        }
        return base;
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString(), "--port-base", Integer.toString(portBase)));
        return command;
    }

    private Commands.Result run(String... arguments) {
        return Commands.run(command(arguments), Path.of("."), Duration.ofMinutes(2));
    }

    private Map<String, ProcessIdentity> live() {
        return new ProcessRegistry(data)
                .allLive().stream().collect(Collectors.toMap(ManagedProcess::name, ManagedProcess::identity));
    }

    private static void kill(Map<String, ProcessIdentity> processes, String name) {
        ProcessIdentity victim = Objects.requireNonNull(processes.get(name), name);
        victim.signal(ProcessSignal.KILL);
        assertThat(victim.awaitExit(LIMIT)).isTrue();
    }

    @Test
    void aKilledLaunchersProcessesAreAdoptedAndAKilledEngineComesBack() {
        Commands.Result up = run("up", "--detach", "--engines");
        assertThat(up.exit()).as(up.output()).isZero();
        assertThat(up.output()).contains("postgres").contains("The network is up.");
        assertThat(run("status").exit()).isZero();
        Commands.Result second = run("up", "--detach", "--engines");
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.output()).contains("runs already");

        Map<String, ProcessIdentity> before = live();
        kill(before, Supervisor.NAME);
        assertThat(run("status").exit()).isEqualTo(3);

        assertThat(run("up", "--detach", "--engines").exit()).isZero();
        for (String engine : List.of("postgres", "anvil", "registry")) {
            assertThat(live().get(engine)).as(engine).isEqualTo(before.get(engine));
        }

        kill(before, "postgres");
        await().atMost(LIMIT)
                .until(() -> live().containsKey("postgres") && !live().containsValue(before.get("postgres")));

        assertThat(run("down").exit()).isZero();
        assertThat(live()).isEmpty();
        assertThat(before.values()).noneMatch(ProcessIdentity::isAlive);
    }

    @Test
    void anInterruptStopsAllThatRanInFront() throws IOException, InterruptedException {
        // A run in the background ignores interrupts, and its children inherit that; the launcher here must not.
        List<String> interruptible = new ArrayList<>(List.of("env", "--default-signal=INT"));
        interruptible.addAll(command("up", "--engines"));
        Process front = new ProcessBuilder(interruptible)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("front.log").toFile())
                .start();
        ProcessIdentity launcher = ProcessIdentity.ofLive(front.pid()).orElseThrow();
        await().atMost(LIMIT).until(() -> Supervisor.isReady(data));
        Map<String, ProcessIdentity> before = live();
        assertThat(before).containsKeys("postgres", "anvil", "registry", Supervisor.NAME);

        launcher.signal(ProcessSignal.INT);

        assertThat(front.waitFor(LIMIT)).isTrue();
        assertThat(before.values()).noneMatch(ProcessIdentity::isAlive);
        assertThat(live()).isEmpty();
    }
}
