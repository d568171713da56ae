package io.athanor.local.bench.peers;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.RequestSignature;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.hash.Hex;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Requests of one simulated peer, each signed with its real key as the agent and checker protocols want it. */
final class PeerHttp {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NONCE_BYTES = 16;
    private static final int ERROR_CHARACTERS = 500;

    /** One for all peers of the process. */
    static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private final URI server;
    private final String sender;
    private final Function<RequestSignature, byte[]> signer;
    private final SecureRandom random = new SecureRandom();

    private PeerHttp(URI server, String sender, Function<RequestSignature, byte[]> signer) {
        this.server = server;
        this.sender = sender;
        this.signer = signer;
    }

    static PeerHttp machine(URI server, MachineId machine, Ed25519.KeyPair key) {
        return new PeerHttp(server, machine.toString(), request -> request.sign(key));
    }

    static PeerHttp attester(URI server, Secp256k1.KeyPair key) {
        return new PeerHttp(
                server,
                key.address(),
                request -> Secp256k1.sign(
                        key, PersonalMessage.digest(new String(request.bytesToSign(), StandardCharsets.US_ASCII))));
    }

    <T> T get(String path, Class<T> type) throws IOException, InterruptedException {
        return Json.read(send("GET", path, new byte[0], ""), type);
    }

    <T> T post(String path, Object body, Class<T> type) throws IOException, InterruptedException {
        return Json.read(post(path, body), type);
    }

    byte[] post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, Json.bytes(body), "application/json");
    }

    void put(String path, byte[] body) throws IOException, InterruptedException {
        send("PUT", path, body, "application/octet-stream");
    }

    private byte[] send(String method, String path, byte[] body, String type) throws IOException, InterruptedException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        RequestSignature request = RequestSignature.of(
                method,
                path,
                Instant.now(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(nonce),
                body);
        HttpRequest.Builder builder = HttpRequest.newBuilder(server.resolve(path))
                .timeout(LIMIT)
                .header(RequestSignature.DEVICE_HEADER, sender)
                .header(RequestSignature.TIME_HEADER, Long.toString(request.at().toEpochMilli()))
                .header(RequestSignature.NONCE_HEADER, request.nonce())
                .header(RequestSignature.SIGNATURE_HEADER, Hex.encode(signer.apply(request)));
        if (!type.isEmpty()) {
            builder.header("Content-Type", type);
        }
        return answer(builder.method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    /** The body of a good answer. */
    static byte[] answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 != 2) {
            String said = new String(answer.body(), StandardCharsets.UTF_8);
            throw new IOException(request.method() + " " + request.uri() + " answered " + answer.statusCode() + " "
                    + said.substring(0, Math.min(said.length(), ERROR_CHARACTERS)));
        }
        return answer.body();
    }
}
