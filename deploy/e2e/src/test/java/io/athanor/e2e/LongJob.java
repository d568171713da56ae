package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.view.JobView;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.process.Ports;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A job with a port that runs until somebody in it says so, and whose cap pays for a few seconds of that. */
final class LongJob {
    private static final int PORT = 8080;
    private static final int BYTES = 100_000;

    private final CommandLine client;
    private final ApiClient api;
    final String id;

    private LongJob(CommandLine client, ApiClient api, String id) {
        this.client = client;
        this.api = api;
        this.id = id;
    }

    static LongJob order(CommandLine client, ApiClient api, String image, Path folder)
            throws IOException, InterruptedException {
        Path spec = Files.createTempFile(folder, "long", ".yaml");
        Files.writeString(spec, """
            name: long
            image: %s
            command: [/bin/busybox, sh, -c, 'while true; do /bin/busybox nc -l -p %d -e /bin/busybox cat; done & while [ ! -e /tmp/enough ]; do /bin/busybox sleep 1; done; echo enough']
            gpus: {allowSimulated: true}
            network: EGRESS
            maxDuration: 300s
            maxPrice: 0.002 ATH
            cap: 0.006 ATH
            """.formatted(image, PORT));
        CommandLine.Call submitted = client.run("job", "submit", spec.toString(), "--json");
        return new LongJob(client, api, submitted.json().path("jobId").asText());
    }

    JobView seen() {
        return api.get("/v1/jobs/" + id, JobView.class);
    }

    void awaitLog(String words) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertThat(client.run("job", "logs", id).out()).contains(words));
    }

    /** Bytes go to its port and come back, through the command line, the server and the machine. */
    void echoes() throws IOException, InterruptedException {
        int local = Ports.free();
        CompletableFuture<CommandLine.Call> forward = CompletableFuture.supplyAsync(() -> {
            try {
                return client.run(
                        "job", "forward", id, Integer.toString(PORT), "--local", "" + local, "--connections", "1");
            } catch (IOException | InterruptedException broken) {
                throw new IllegalStateException(broken);
            }
        });
        byte[] bytes = new byte[BYTES];
        new Random(5).nextBytes(bytes);
        try (Socket socket = await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), local), Socket::isConnected)) {
            Thread.ofVirtual().start(() -> send(bytes, socket));
            assertThat(socket.getInputStream().readNBytes(BYTES)).isEqualTo(bytes);
        }
        assertThat(forward).succeedsWithin(Duration.ofMinutes(1));
    }

    private static void send(byte[] bytes, Socket socket) {
        try (InputStream in = new ByteArrayInputStream(bytes)) {
            in.transferTo(socket.getOutputStream());
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
