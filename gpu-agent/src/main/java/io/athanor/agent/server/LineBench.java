package io.athanor.agent.server;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.LineAnswer;
import io.athanor.domain.wire.AgentProtocol.LineTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;

/** Sends a checker the bytes that it asked for, takes as many back, and signs that they came. The checker's clock measures. */
final class LineBench {
    /** At a hundredth of the slowest line that a network may ask for, nothing is measured any more. */
    private static final Duration TIME = Duration.ofSeconds(20);

    private final MachineId machine;
    private final Ed25519.KeyPair key;
    private final HttpClient http;

    LineBench(MachineId machine, Ed25519.KeyPair key, HttpClient http) {
        this.machine = machine;
        this.key = key;
        this.http = http;
    }

    /** Error: {@link IOException} also where more is asked for than a machine sends. */
    void run(LineTest test, String endpoint, String nonce) throws IOException, InterruptedException {
        if (test.bytes() < 1 || test.bytes() > Limits.BANDWIDTH_BYTES) {
            throw new IOException("a line test of " + test.bytes() + " bytes");
        }
        byte[] bytes = new byte[test.bytes()];
        new SecureRandom().nextBytes(bytes);
        HttpRequest there = request(endpoint + "/line/v1/" + nonce, "application/octet-stream", bytes);
        HttpResponse<InputStream> back = http.send(there, HttpResponse.BodyHandlers.ofInputStream());
        byte[] came;
        try (InputStream body = back.body()) {
            came = body.readNBytes(test.bytes() + 1);
        }
        if (came.length != test.bytes()) {
            throw new IOException(came.length + " of " + test.bytes() + " bytes came back");
        }
        LineAnswer answer = sign(new LineAnswer(machine, nonce, Sha256.of(came), ""));
        HttpRequest done = request(endpoint + "/lined/v1/" + nonce, "application/json", Json.bytes(answer));
        http.send(done, HttpResponse.BodyHandlers.discarding());
    }

    private static HttpRequest request(String uri, String type, byte[] body) {
        return HttpRequest.newBuilder(URI.create(uri))
                .timeout(TIME)
                .expectContinue(true)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private LineAnswer sign(LineAnswer unsigned) {
        byte[] signature = Ed25519.sign(key, unsigned.signed().getBytes(StandardCharsets.UTF_8));
        return new LineAnswer(machine, unsigned.nonce(), unsigned.received(), Hex.encode(signature));
    }
}
