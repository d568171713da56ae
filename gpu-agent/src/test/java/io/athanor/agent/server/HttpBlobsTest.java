package io.athanor.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.Receipt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs on their way to a server, which takes them or does not. */
class HttpBlobsTest {
    private static final byte[] TILE = {1, 2, 3};
    private static final Receipt.Output OUTPUT = new Receipt.Output("tile", Sha256.of(TILE), TILE.length);

    @TempDir
    Path folder;

    private final LeaseId lease = new JobId(new UUID(1, 1)).task(0).lease(2);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private @Nullable Reason refusal;
    private HttpServer server;
    private SignedHttp http;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            asked.add(exchange.getRequestURI().toString());
            byte[] answer = refusal == null ? new byte[] {'{', '}'} : Json.bytes(problem(refusal));
            exchange.sendResponseHeaders(refusal == null ? 200 : refusal.status(), answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        http = new SignedHttp(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                RequestSigner.device(new MachineId(new UUID(2, 2)), Ed25519.generate(new SecureRandom())),
                new ServerClock());
        Files.write(folder.resolve("tile"), TILE);
    }

    private static Map<String, Object> problem(Reason reason) {
        return Map.of(
                "type",
                "/errors/" + reason,
                "title",
                "no",
                "status",
                reason.status(),
                "code",
                reason.name(),
                "detail",
                "no",
                "nextStep",
                "none");
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    private void store() throws IOException, InterruptedException {
        new HttpBlobs(http).store(lease, OUTPUT, folder.resolve("tile"));
    }

    @Test
    void anOutputNamesTheLeaseThatLeftIt() throws Exception {
        store();
        assertThat(asked).containsExactly("/agent/v1/blobs/" + OUTPUT.sha256() + "?lease=" + lease);
    }

    /** A task that was settled meanwhile would else hold its lease's end back for ever. */
    @Test
    void whatNobodyWaitsForIsGivenUpAndWhatHasNoRoomNowIsNot() throws Exception {
        refusal = Reason.NOT_ALLOWED;
        store();
        assertThat(asked).hasSize(1);
        refusal = Reason.LIMIT_REACHED;
        assertThatExceptionOfType(ServerRefusal.class).isThrownBy(this::store);
        refusal = Reason.UNAVAILABLE;
        assertThatExceptionOfType(ServerRefusal.class).isThrownBy(this::store);
    }
}
