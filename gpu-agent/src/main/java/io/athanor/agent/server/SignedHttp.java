package io.athanor.agent.server;

import io.athanor.agent.outputs.Hashes;
import io.athanor.codec.Json;
import io.athanor.crypto.RequestSignature;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Digests;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.Problem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;

/**
 * HTTP to the control plane, every request signed by its sender. JSON both ways; an error is a {@link
 * ServerRefusal} where the server answered, another {@link IOException} where it did not.
 */
public final class SignedHttp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int NONCE_BYTES = 16;
    private static final int MAX_PROBLEM_CHARACTERS = 2_000;

    /** An answer in memory is no larger; no server fills the agent's. */
    private static final long MAX_ANSWER_BYTES = 16L << 20;

    private final URI server;
    private final RequestSigner signer;
    private final ServerClock clock;
    private final SecureRandom random = new SecureRandom();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * @param server scheme, host and port
     */
    public SignedHttp(URI server, RequestSigner signer, ServerClock clock) {
        this.server = server;
        this.signer = signer;
        this.clock = clock;
    }

    /** Sends JSON and reads JSON. */
    public <T> T post(String path, Object body, Class<T> answer) throws IOException, InterruptedException {
        byte[] json = Json.bytes(body);
        return read(send("POST", path, json, "application/json"), answer);
    }

    private static <T> T read(byte[] json, Class<T> type) throws IOException {
        try {
            return Json.read(json, type);
        } catch (IllegalArgumentException malformed) {
            throw new IOException("the server's answer is malformed: " + malformed.getMessage(), malformed);
        }
    }

    /** The same failure in words that say what to look at. */
    public static IOException explained(IOException failure) {
        return failure instanceof SSLException
                ? new IOException(
                        "the server's certificate is not trusted by this machine, so nothing was sent: "
                                + failure.getMessage(),
                        failure)
                : failure;
    }

    private static HttpResponse.BodyHandler<byte[]> bounded() {
        return BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES);
    }

    /**
     * A request under way.
     *
     * @param answer fails with an {@link IOException}
     */
    public record Call<T>(CompletableFuture<T> answer, CompletableFuture<?> exchange) {
        /** Ends the request where it still waits. */
        public void end() {
            exchange.cancel(true);
        }
    }

    /** As {@link #post}, without waiting. */
    public <T> Call<T> postAsync(String path, Object body, Class<T> answer) {
        byte[] json = Json.bytes(body);
        HttpRequest request = request("POST", path, json, "application/json");
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request, bounded());
        CompletableFuture<T> parsed = exchange.thenApply(response -> {
            try {
                return read(accepted(response.statusCode(), response, response.body()), answer);
            } catch (IOException refused) {
                throw new CompletionException(refused);
            }
        });
        return new Call<>(parsed, exchange);
    }

    /** Sends bytes and reads JSON. */
    public <T> T postBytes(String path, byte[] body, Class<T> answer) throws IOException, InterruptedException {
        return postBytes(path, body, body.length, answer);
    }

    /** As {@link #postBytes(String, byte[], Class)}, of the first bytes alone. */
    public <T> T postBytes(String path, byte[] body, int length, Class<T> answer)
            throws IOException, InterruptedException {
        MessageDigest sha256 = Hashes.sha256();
        sha256.update(body, 0, length);
        HttpRequest request = signed("POST", path, Hex.encode(sha256.digest()))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body, 0, length))
                .build();
        return read(send(request), answer);
    }

    /** Reads JSON. */
    public <T> T get(String path, Class<T> answer) throws IOException, InterruptedException {
        return read(send("GET", path, new byte[0], ""), answer);
    }

    /** Reads bytes. */
    public byte[] getBytes(String path) throws IOException, InterruptedException {
        return send("GET", path, new byte[0], "");
    }

    /** Reads bytes as they come; the caller closes the stream. */
    public InputStream getStream(String path) throws IOException, InterruptedException {
        HttpRequest request =
                signed("GET", path, Hex.encode(Digests.sha256())).GET().build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 != 2) {
            try (InputStream body = response.body()) {
                accepted(response.statusCode(), response, body.readNBytes(MAX_PROBLEM_CHARACTERS));
            }
        }
        return response.body();
    }

    /** Sends JSON for which nothing comes back. */
    public void postOnly(String path, Object body) throws IOException, InterruptedException {
        byte[] answer = send("POST", path, Json.bytes(body), "application/json");
        if (answer.length > MAX_PROBLEM_CHARACTERS) {
            throw new IOException("unexpected answer to " + path);
        }
    }

    /** Sends bytes under their digest. */
    public byte[] putBytes(String path, byte[] body) throws IOException, InterruptedException {
        return send("PUT", path, body, "application/octet-stream");
    }

    /** Sends a file whose digest is known, without reading it into memory. */
    public void putFile(String path, Path file, Sha256 digest) throws IOException, InterruptedException {
        HttpRequest request = signed("PUT", path, "0x" + digest.hex())
                .header("Content-Type", "application/octet-stream")
                .PUT(publisher(file))
                .build();
        HttpResponse<byte[]> response = http.send(request, bounded());
        accepted(response.statusCode(), response, response.body());
    }

    private static HttpRequest.BodyPublisher publisher(Path file) throws IOException {
        try {
            return HttpRequest.BodyPublishers.ofFile(file);
        } catch (FileNotFoundException gone) {
            throw new IOException("output " + file + " is gone", gone);
        }
    }

    /** Fetches into a file. */
    public void getFile(String path, Path target) throws IOException, InterruptedException {
        HttpRequest request =
                signed("GET", path, Hex.encode(Digests.sha256())).GET().build();
        HttpResponse<Path> response = http.send(
                request,
                info -> info.statusCode() == 200
                        ? HttpResponse.BodySubscribers.limiting(
                                HttpResponse.BodySubscribers.ofFile(target), Limits.BLOB_BYTES)
                        : HttpResponse.BodySubscribers.replacing(target));
        if (response.statusCode() != 200) {
            accepted(response.statusCode(), response, new byte[0]);
        }
    }

    private byte[] send(String method, String path, byte[] body, String type) throws IOException, InterruptedException {
        return send(request(method, path, body, type));
    }

    private byte[] send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = http.send(request, bounded());
        } catch (SSLException untrusted) {
            throw explained(untrusted);
        }
        return accepted(response.statusCode(), response, response.body());
    }

    private HttpRequest request(String method, String path, byte[] body, String type) {
        HttpRequest.Builder builder = signed(method, path, Hex.encode(Digests.sha256(body)));
        if (!type.isEmpty()) {
            builder.header("Content-Type", type);
        }
        return builder.method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private HttpRequest.Builder signed(String method, String path, String bodySha256) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
        RequestSignature signature = new RequestSignature(method, path, clock.instant(), text, bodySha256);
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(ANSWER)
                .header(RequestSignature.DEVICE_HEADER, signer.sender())
                .header(
                        RequestSignature.TIME_HEADER,
                        Long.toString(signature.at().toEpochMilli()))
                .header(RequestSignature.NONCE_HEADER, signature.nonce())
                .header(RequestSignature.SIGNATURE_HEADER, Hex.encode(signer.sign(signature)));
    }

    private byte[] accepted(int status, HttpResponse<?> response, byte[] body) throws ServerRefusal {
        if (status / 100 == 2) {
            return body;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        ServerRefusal refusal;
        try {
            Problem problem = Json.read(body, Problem.class);
            refusal = new ServerRefusal(status, String.valueOf(problem.code()), String.valueOf(problem.detail()));
        } catch (IllegalArgumentException noProblem) {
            refusal = new ServerRefusal(
                    status, "HTTP_" + status, text.substring(0, Math.min(text.length(), MAX_PROBLEM_CHARACTERS)));
        }
        if (refusal.is(Reason.CLOCK_SKEW)) {
            response.headers().firstValue(RequestSignature.TIME_HEADER).ifPresent(this::setClock);
        }
        throw refusal;
    }

    /** A wall clock that is off makes every request stale; the answer to one says what time it is. */
    private void setClock(String millis) {
        try {
            clock.heard(Instant.ofEpochMilli(Long.parseLong(millis)));
        } catch (NumberFormatException unreadable) {
            throw new IllegalStateException("the server's time is no number: " + millis, unreadable);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
