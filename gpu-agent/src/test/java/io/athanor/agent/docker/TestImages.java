package io.athanor.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.athanor.local.TestEngines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/** Images for the tests: the static busybox of Debian (package busybox-static), pushed to the registry for its digest. */
public final class TestImages {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String[] TOOLS = {
        "sh",
        "cat",
        "echo",
        "sleep",
        "id",
        "head",
        "tail",
        "yes",
        "dd",
        "ls",
        "grep",
        "kill",
        "ln",
        "mkdir",
        "env",
        "true",
        "touch",
        "mount",
        "awk",
        "seq",
        "chmod",
        "wc",
        "trap",
        "tr",
        "printf",
        "stat",
        "sha256sum",
        "cp",
        "od",
        "mkfifo",
        "mknod",
        "ping",
        "wget"
    };

    private static @Nullable ImageReference busybox;

    private TestImages() {}

    /** A plain client of the shared engine, for looking at it from outside the agent. */
    public static DockerClient client() {
        return client(TestEngines.dockerHost());
    }

    /** A plain client of another engine. */
    public static DockerClient client(URI host) {
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host.toString())
                .withDockerTlsVerify(false)
                .build();
        return DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
    }

    /** Busybox by its digest, made and pushed once in this test process. */
    public static synchronized ImageReference busybox() {
        ImageReference known = busybox;
        if (known == null) {
            known = push(
                    TestEngines.registry() + "/athanor-test/busybox-"
                            + ProcessHandle.current().pid(),
                    rootfs(0));
            busybox = known;
        }
        return known;
    }

    /** Another image than busybox's own, made anew and not on the machine. */
    public static ImageReference variant(int number) {
        return push(
                TestEngines.registry() + "/athanor-test/variant" + number + "-"
                        + ProcessHandle.current().pid(),
                rootfs(1000 + number));
    }

    /** Imports a root file system, pushes it, and removes the local copy, so that only a pull brings it back. */
    static ImageReference push(String repository, byte[] tar) {
        String id = importImage(tar);
        try (DockerClient client = client()) {
            client.tagImageCmd(id, repository, "latest").exec();
            client.pushImageCmd(repository + ":latest").start().awaitCompletion();
            String digest = Objects.requireNonNull(client.inspectImageCmd(repository + ":latest")
                            .exec()
                            .getRepoDigests())
                    .getFirst();
            client.removeImageCmd(id).withForce(true).exec();
            return ImageReference.parse(digest);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** The library's own import sends a broken stream, so the engine's command line does it. */
    private static String importImage(byte[] tar) {
        try {
            Path file = Files.write(TestEngines.folder("rootfs").resolve("rootfs.tar"), tar);
            Process docker = new ProcessBuilder(
                            "docker", "-H", TestEngines.dockerHost().toString(), "import", file.toString())
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(docker.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (docker.waitFor() != 0 || !answer.startsWith("sha256:")) {
                throw new IllegalStateException("docker import: " + answer);
            }
            return answer;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Busybox with its tools, a file that is not executable, and as much ballast that does not compress as asked for. */
    static byte[] rootfs(int ballastBytes) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
                add(tar, "bin/busybox", Files.readAllBytes(BUSYBOX), 0755);
                for (String tool : TOOLS) {
                    TarArchiveEntry link = new TarArchiveEntry("bin/" + tool, TarArchiveEntry.LF_SYMLINK);
                    link.setLinkName("busybox");
                    tar.putArchiveEntry(link);
                    tar.closeArchiveEntry();
                }
                add(tar, "etc/plain", "not a program".getBytes(StandardCharsets.UTF_8), 0644);
                byte[] ballast = new byte[ballastBytes];
                new java.util.Random(7).nextBytes(ballast);
                add(tar, "ballast", ballast, 0644);
                for (String folder : new String[] {"tmp/", "in/", "out/", "proc/", "sys/", "dev/"}) {
                    tar.putArchiveEntry(new TarArchiveEntry(folder));
                    tar.closeArchiveEntry();
                }
            }
            return bytes.toByteArray();
        } catch (IOException failed) {
            throw new UncheckedIOException("install busybox-static", failed);
        }
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
