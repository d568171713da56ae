package io.athanor.agent;

import io.athanor.local.TestEngines;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real agent in a process of its own, to be killed with SIGKILL. It never outlives the test, nor the test's JVM. */
final class AgentProcess implements AutoCloseable {
    private final Path data;
    private final ScriptedControlPlane plane;
    private final URI docker;
    private final Thread atExit = Thread.ofPlatform().unstarted(this::end);
    private volatile @Nullable Process process;

    private AgentProcess(Path data, ScriptedControlPlane plane, URI docker) {
        this.data = data;
        this.plane = plane;
        this.docker = docker;
    }

    static AgentProcess started(Path data, ScriptedControlPlane plane, URI docker) throws IOException {
        AgentProcess agent = new AgentProcess(data, plane, docker);
        Runtime.getRuntime().addShutdownHook(agent.atExit);
        agent.process = agent.start();
        return agent;
    }

    /** Kills it and starts the next one on the same data folder. */
    void killAndStart() throws IOException, InterruptedException {
        kill();
        process = start();
    }

    private void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    private void end() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private Process start() throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.athanor.agent.Main",
                        "run",
                        "--data",
                        data.toString(),
                        "--server",
                        plane.uri().toString(),
                        "--docker-host",
                        docker.toString(),
                        "--simulated-gpus",
                        "2xH200",
                        "--container-label",
                        "athanor.test=" + TestEngines.containerLabel(),
                        "--grace-seconds",
                        "1"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolve("agent.log").toFile()))
                .start();
    }
}
