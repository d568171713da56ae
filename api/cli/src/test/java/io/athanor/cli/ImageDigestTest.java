package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that wants an anonymous token, as public ones do. */
class ImageDigestTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final int UNAUTHORIZED = 401;

    private HttpServer server = start();

    private static HttpServer start() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void serve() {
        server.createContext("/token", this::token);
        server.createContext("/v2/athanor/render/manifests/latest", this::manifest);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String registry() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void token(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean asked = "service=reg&scope=repository:athanor/render:pull"
                    .equals(exchange.getRequestURI().getQuery());
            byte[] body = ("{\"token\":\"" + (asked ? "open" : "shut") + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void manifest(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!"Bearer open".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders()
                        .add(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://" + registry() + "/token\",service=\"reg\","
                                        + "scope=\"repository:athanor/render:pull\"");
                exchange.sendResponseHeaders(UNAUTHORIZED, -1);
                return;
            }
            exchange.getResponseHeaders().add("Docker-Content-Digest", DIGEST);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    @Test
    void aTagBecomesTheDigestThatItsRegistryGives() throws IOException {
        String image = registry() + "/athanor/render";
        assertThat(ImageDigest.pinned(image)).isEqualTo(image + "@" + DIGEST);
        assertThat(ImageDigest.pinned(image + ":latest")).isEqualTo(image + ":latest@" + DIGEST);
    }

    @Test
    void aDigestAndWhatIsNoNameAtARegistryStay() throws IOException {
        String pinned = "registry.example/a@" + DIGEST;
        assertThat(ImageDigest.pinned(pinned)).isEqualTo(pinned);
        assertThat(ImageDigest.pinned("busybox")).isEqualTo("busybox");
        assertThat(ImageDigest.pinned("library/busybox")).isEqualTo("library/busybox");
    }

    @Test
    void anUnknownTagAndASilentRegistryAreSaid() {
        assertThatThrownBy(() -> ImageDigest.pinned(registry() + "/athanor/render:nope"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("its registry answered 404");
        String gone = registry();
        server.stop(0);
        assertThatThrownBy(() -> ImageDigest.pinned(gone + "/athanor/render"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no registry answers at " + gone);
        server = start();
    }
}
