package io.athanor.local.doctor;

import io.athanor.local.engine.Checkout;
import io.athanor.local.engine.DockerEngine;
import io.athanor.local.engine.NodeJs;
import io.athanor.local.process.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** All that a machine needs to build, test and run Athanor. */
final class Requirements {

    private static final int OLDEST_JDK = 25;

    private Requirements() {}

    static List<Requirement> all() {
        return List.of(
                new Requirement("JDK 25", "builds and runs Athanor", List.of("temurin-25-jdk"), Requirements::jdk),
                new Requirement("Maven", "builds Athanor", List.of("maven"), Requirements::maven),
                program("setsid", "keeps child processes apart from the terminal", "util-linux"),
                program("unshare", "runs PostgreSQL under root", "util-linux"),
                program("npm", "installs the EVM node and the compilers", "nodejs", "npm"),
                new Requirement(
                        "Node.js 20",
                        "runs the compilers of contracts and console",
                        List.of("nodejs"),
                        NodeJs::version),
                new Requirement(
                        "Docker Engine", "runs jobs in containers", List.of("docker.io"), Requirements::containers),
                program("docker", "shows containers to people and tests", "docker.io"),
                program("iptables", "containers' networks", "iptables"),
                program("ip", "containers' networks", "iproute2"),
                program("docker-registry", "serves the sample job's image", "docker-registry"),
                new Requirement(
                        "static busybox",
                        "is the sample job's image",
                        List.of("busybox-static"),
                        Requirements::busybox),
                program("cc", "builds the GPU library's stand-in for tests", "gcc", "libc6-dev"));
    }

    private static Requirement program(String name, String purpose, String... packages) {
        return new Requirement(
                name, purpose, List.of(packages), () -> Commands.find(name).map(Path::toString));
    }

    private static Optional<String> jdk() {
        Path home = Path.of(System.getProperty("java.home"));
        boolean compiles = Files.isExecutable(home.resolve("bin/javac"));
        return Optional.of(home + " (" + Runtime.version() + ")")
                .filter(found -> compiles && Runtime.version().feature() >= OLDEST_JDK);
    }

    private static Optional<String> maven() {
        Path wrapper = Checkout.root().resolve("mvnw");
        return Commands.find("mvn")
                .map(Path::toString)
                .or(() -> Optional.of(wrapper)
                        .filter(Files::isExecutable)
                        .map(found -> found + ", which fetches Maven at its first use"));
    }

    private static Optional<String> containers() {
        return DockerEngine.existing()
                .map(host -> "answers at " + host)
                .or(() -> Commands.find("dockerd")
                        .filter(found -> Commands.find("containerd").isPresent()
                                && Commands.find("runc").isPresent())
                        .map(found -> found + ", started privately by root"));
    }

    private static Optional<String> busybox() {
        // 'ldd' fails on a program that needs no library.
        return Optional.of("/bin/busybox")
                .filter(program -> Files.isExecutable(Path.of(program))
                        && !Commands.run(List.of("ldd", program)).output().contains("libc.so"));
    }
}
