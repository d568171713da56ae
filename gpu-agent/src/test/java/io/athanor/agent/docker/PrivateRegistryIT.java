package io.athanor.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.agent.docker.StartFailure.Cause;
import io.athanor.local.TestEngines;
import io.athanor.local.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A private registry, Debian's docker-registry with TLS and a password, whose credentials the machine's owner keeps. */
@Tag("docker")
class PrivateRegistryIT {
    private static final String PASSWORD = "only-the-owner-knows";
    private static final int BCRYPT_COST = 6;

    private final Path folder = TestEngines.folder("private-registry");
    private final int port = Ports.free();

    @Test
    void anImageOfAPrivateRegistryIsPulledWithTheOwnersCredentialsAlone() throws Exception {
        Process registry = start();
        try {
            String repository = "127.0.0.1:" + port + "/private/busybox";
            Path owners = credentials(PASSWORD);
            ImageReference image = push(repository, owners);
            assertPullRefused(image, TestEngines.folder("no-credentials"));
            assertPullRefused(image, credentials("a guess"));
            try (DockerEngine engine = connect(owners)) {
                engine.pull(image).await();
                assertThat(engine.hasImage(image)).isTrue();
                assertThat(engine.removeImage(image)).isTrue();
            }
        } finally {
            registry.destroy();
            registry.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static void assertPullRefused(ImageReference image, Path credentials) throws IOException {
        try (DockerEngine engine = connect(credentials)) {
            assertThatThrownBy(() -> engine.pull(image).await()).isInstanceOfSatisfying(StartFailure.class, failure -> {
                assertThat(failure.failure()).isEqualTo(Cause.REGISTRY_DENIED);
                assertThat(failure).hasMessageContaining("private or does not exist");
                assertThat(failure.getMessage()).doesNotContain(PASSWORD);
            });
        }
    }

    private static DockerEngine connect(Path credentials) {
        return DockerEngine.connect(TestEngines.dockerHost().toString(), credentials, "private-registry", Map.of());
    }

    private Path credentials(String password) throws IOException {
        String user = Base64.getEncoder().encodeToString(("owner:" + password).getBytes(StandardCharsets.UTF_8));
        Path config = TestEngines.folder("credentials");
        Files.writeString(config.resolve("config.json"), """
                {"auths": {"127.0.0.1:%d": {"auth": "%s"}}}""".formatted(port, user));
        return config;
    }

    private Process start() throws IOException, InterruptedException {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        Files.writeString(
                folder.resolve("htpasswd"),
                "owner:" + OpenBSDBCrypt.generate("2y", PASSWORD.toCharArray(), salt, BCRYPT_COST) + "\n");
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                folder.resolve("key.pem").toString(),
                "-out",
                folder.resolve("cert.pem").toString());
        Path config = Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                log: {level: warn, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: %1$s/images}}
                auth: {htpasswd: {realm: private, path: %1$s/htpasswd}}
                http: {addr: 127.0.0.1:%2$d, tls: {certificate: %1$s/cert.pem, key: %1$s/key.pem}}
                """.formatted(folder, port));
        Process registry = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().until(this::answers);
        return registry;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As its owner would, with the engine's command line. */
    private static ImageReference push(String repository, Path credentials) throws IOException, InterruptedException {
        String host = TestEngines.dockerHost().toString();
        String name = TestImages.busybox().toString();
        String tag = repository + ":latest";
        run("docker", "-H", host, "pull", "--quiet", name);
        run("docker", "-H", host, "tag", name, tag);
        run("docker", "--config", credentials.toString(), "-H", host, "push", "--quiet", tag);
        run("docker", "-H", host, "rmi", tag);
        return new ImageReference(repository, TestImages.busybox().digest());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + "\n" + said);
        }
    }
}
