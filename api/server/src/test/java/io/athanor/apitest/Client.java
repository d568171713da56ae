package io.athanor.apitest;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.RequestSignature;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.hash.Hex;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Real requests to {@link ApiNode}. */
final class Client {
    static final HttpClient HTTP = HttpClient.newHttpClient();

    private Client() {}

    /** An answer. */
    static final class Answer {
        private final int status;
        private final byte[] body;
        private final java.net.http.HttpHeaders headers;

        private Answer(int status, byte[] body, java.net.http.HttpHeaders headers) {
            this.status = status;
            this.body = body;
            this.headers = headers;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return body.clone();
        }

        java.net.http.HttpHeaders headers() {
            return headers;
        }

        JsonNode json() {
            return Json.read(text(), JsonNode.class);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        <T> T as(Class<T> type) {
            if (status >= 300) {
                throw new AssertionError(status + " " + text());
            }
            return Json.read(body, type);
        }

        /** A text of a good answer; anything else fails here, where its words still say why. */
        String field(String name) {
            String text = as(JsonNode.class).path(name).asText();
            if (text.isBlank()) {
                throw new AssertionError("no " + name + ": " + text());
            }
            return text;
        }

        /** The problem's code, after its form is checked. */
        String code() {
            JsonNode problem = json();
            String code = problem.path("code").asText();
            boolean whole = headers.firstValue("Content-Type").orElse("").startsWith("application/problem+json")
                    && problem.path("type").asText().equals("/errors/" + code)
                    && problem.path("status").asInt() == status
                    && !problem.path("detail").asText().isBlank()
                    && !problem.path("nextStep").asText().isBlank();
            if (!whole) {
                throw new AssertionError("no whole problem: " + status + " " + text());
            }
            return code;
        }
    }

    static Answer get(String path) {
        return send("GET", path, new byte[0], Map.of());
    }

    static Answer post(String path, Object body) {
        return send("POST", path, Json.bytes(body), Map.of());
    }

    static Answer postRaw(String path, String body) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    static Answer send(String method, String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ApiNode.url() + path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .header("Content-Type", "application/json");
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Answer byDevice(String machine, Ed25519.KeyPair key, String method, String path, byte[] body) {
        return send(
                method, path, body, deviceHeaders(machine, key, method, path, body, ApiNode.CLOCK.instant(), nonce()));
    }

    static Map<String, String> deviceHeaders(
            String machine, Ed25519.KeyPair key, String method, String path, byte[] body, Instant at, String nonce) {
        return headers(machine, RequestSignature.of(method, path, at, nonce, body), request -> request.sign(key));
    }

    static Answer byAttester(Secp256k1.KeyPair key, String method, String path, byte[] body) {
        return send(method, path, body, attesterHeaders(key, method, path, body, Instant.now()));
    }

    static Map<String, String> attesterHeaders(
            Secp256k1.KeyPair key, String method, String path, byte[] body, Instant at) {
        return headers(key.address(), RequestSignature.of(method, path, at, nonce(), body), signed -> {
            String text = new String(signed.bytesToSign(), StandardCharsets.US_ASCII);
            return Secp256k1.sign(key, PersonalMessage.digest(text));
        });
    }

    private static Map<String, String> headers(
            String device, RequestSignature request, Function<RequestSignature, byte[]> signer) {
        return Map.of(
                RequestSignature.DEVICE_HEADER,
                device,
                RequestSignature.TIME_HEADER,
                Long.toString(request.at().toEpochMilli()),
                RequestSignature.NONCE_HEADER,
                request.nonce(),
                RequestSignature.SIGNATURE_HEADER,
                Hex.encode(signer.apply(request)));
    }

    static String nonce() {
        return UUID.randomUUID().toString();
    }
}
