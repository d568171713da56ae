package io.athanor.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.athanor.agent.docker.StartFailure.Cause;
import io.athanor.domain.job.Ending;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Images by digest from a real registry, and from two that misbehave. */
@Tag("docker")
class ImagePullIT {
    private static final TestContainers CONTAINERS = new TestContainers();
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    static {
        // The engine tries TLS first; the server gives up on that after a second instead of never.
        System.setProperty("sun.net.httpserver.maxReqTime", "1");
    }

    @AfterAll
    static void close() {
        CONTAINERS.close();
    }

    @Test
    void pullsByDigestAndKnowsThatItIsThere() throws Exception {
        ImageReference image =
                TestImages.push(TestEngines.registry() + "/athanor-test/pulled", TestImages.rootfs(1000));
        assertThat(CONTAINERS.engine.hasImage(image)).isFalse();
        CONTAINERS.engine.pull(image).await();
        assertThat(CONTAINERS.engine.hasImage(image)).isTrue();
    }

    @Test
    void anUnknownDigestOrNameIsTheClientsMistakeInWords() {
        ImageReference known = TestImages.busybox();
        assertPull(new ImageReference(known.repository(), DIGEST), Cause.IMAGE_NOT_FOUND, Ending.IMAGE_UNAVAILABLE)
                .hasMessageContaining("check name and digest");
        assertPull(
                new ImageReference(TestEngines.registry() + "/no/such", DIGEST),
                Cause.IMAGE_NOT_FOUND,
                Ending.IMAGE_UNAVAILABLE);
    }

    @Test
    void aRegistryThatIsAwayIsNotTheClientsMistake() {
        assertPull(new ImageReference("127.0.0.1:1/x", DIGEST), Cause.REGISTRY_UNREACHABLE, Ending.START_FAILED)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void aRegistryThatLiesAboutTheContentIsFoundOut() throws Exception {
        byte[] manifest = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\"}"
                .getBytes(StandardCharsets.UTF_8);
        try (FakeRegistry registry = new FakeRegistry(manifest, null)) {
            assertPull(
                    new ImageReference(registry.address() + "/lie", DIGEST),
                    Cause.IMAGE_DIGEST_MISMATCH,
                    Ending.IMAGE_UNAVAILABLE);
        }
    }

    @Test
    void aPullCanBeCancelledInTheMiddle() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (FakeRegistry registry = new FakeRegistry(new byte[0], asked)) {
            ImagePull pull = CONTAINERS.engine.pull(new ImageReference(registry.address() + "/slow", DIGEST));
            asked.await();
            pull.cancel();
            assertThatThrownBy(pull::await).isInstanceOf(CancellationException.class);
            assertThat(CONTAINERS.engine.facts().version()).isNotBlank();
        }
    }

    @Test
    void onlyDigestsNameAnImage() {
        assertThat(ImageReference.parse("host:5000/a/b@" + DIGEST).repository()).isEqualTo("host:5000/a/b");
        for (String bad :
                new String[] {"busybox", "busybox:latest", "busybox@sha256:12", "@" + DIGEST, "UPPER@" + DIGEST}) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> ImageReference.parse(bad));
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertPull(
            ImageReference image, Cause cause, Ending ending) {
        return assertThatThrownBy(() -> CONTAINERS.engine.pull(image).await())
                .isInstanceOfSatisfying(StartFailure.class, failure -> {
                    assertThat(failure.failure()).as(failure.getMessage()).isEqualTo(cause);
                    assertThat(failure.failure().ending()).isEqualTo(ending);
                });
    }

    /** A registry on loopback that answers every manifest with the same bytes, or never. */
    private static final class FakeRegistry implements AutoCloseable {
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final CountDownLatch closed = new CountDownLatch(1);

        FakeRegistry(byte[] manifest, @Nullable CountDownLatch hangFrom) throws IOException {
            server.setExecutor(task -> Thread.ofVirtual().start(task));
            server.createContext("/v2/", exchange -> {
                boolean isManifest = exchange.getRequestURI().getPath().contains("/manifests/");
                if (isManifest && hangFrom != null) {
                    hangFrom.countDown();
                    awaitQuietly(closed);
                }
                if (isManifest) {
                    exchange.getResponseHeaders()
                            .add("Content-Type", "application/vnd.docker.distribution.manifest.v2+json");
                }
                byte[] answer = isManifest ? manifest : new byte[] {'{', '}'};
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
        }

        private static void awaitQuietly(CountDownLatch latch) throws IOException {
            try {
                latch.await();
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }

        String address() {
            return "127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            closed.countDown();
            server.stop(0);
        }
    }
}
