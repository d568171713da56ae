package io.athanor.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The digest that an image's tag has now, asked of its registry (OCI distribution, {@code HEAD /v2/<name>/manifests/
 * <tag>}). An order names what will run by content, so a tag is looked up once, by whoever orders.
 *
 * <p>Registries on loopback are asked without TLS. A registry that wants an anonymous token gets asked for one.
 */
final class ImageDigest {
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int UNAUTHORIZED = 401;
    private static final String KINDS = "application/vnd.oci.image.index.v1+json,"
            + "application/vnd.oci.image.manifest.v1+json,"
            + "application/vnd.docker.distribution.manifest.list.v2+json,"
            + "application/vnd.docker.distribution.manifest.v2+json";
    private static final Pattern NAME = Pattern.compile("([^/]+)/(.+?)(?::([A-Za-z0-9_][A-Za-z0-9_.-]*))?");
    private static final Pattern LOOPBACK = Pattern.compile("(127\\.[0-9.]+|localhost|\\[::1])(:[0-9]+)?");
    private static final Pattern CHALLENGE = Pattern.compile("(realm|service|scope)=\"([^\"]*)\"");

    private ImageDigest() {}

    /**
     * {@code host/name[:tag]} as {@code host/name[:tag]@sha256:…}; a name that has a digest, or is no such name, stays
     * as it is: admission says what is wrong with it.
     */
    static String pinned(String image) throws IOException {
        Matcher name = NAME.matcher(image);
        if (image.contains("@") || !name.matches() || !isHost(name.group(1))) {
            return image;
        }
        String tag = name.group(3) == null ? "latest" : name.group(3);
        String scheme = LOOPBACK.matcher(name.group(1)).matches() ? "http" : "https";
        URI manifest = URI.create(scheme + "://" + name.group(1) + "/v2/" + name.group(2) + "/manifests/" + tag);
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build()) {
            return image + "@" + digest(http, image, manifest);
        } catch (ConnectException e) {
            throw new Failure(
                    Failure.REFUSED,
                    "image " + image + ": no registry answers at " + name.group(1) + "\n  Name the"
                            + " image by its digest, or start the registry.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static boolean isHost(String first) {
        return first.contains(".") || first.contains(":") || first.equals("localhost");
    }

    private static String digest(HttpClient http, String image, URI manifest) throws IOException, InterruptedException {
        HttpResponse<Void> answer = ask(http, manifest, null);
        Optional<String> challenge = answer.headers().firstValue("WWW-Authenticate");
        if (answer.statusCode() == UNAUTHORIZED && challenge.isPresent()) {
            answer = ask(http, manifest, token(http, challenge.get()));
        }
        Optional<String> digest = answer.headers().firstValue("Docker-Content-Digest");
        if (answer.statusCode() / 100 != 2 || digest.isEmpty()) {
            throw new Failure(
                    Failure.REFUSED,
                    "image " + image + ": its registry answered " + answer.statusCode()
                            + " and no digest\n  Check the name and the tag, or name the image by its digest.");
        }
        return digest.get();
    }

    private static HttpResponse<Void> ask(HttpClient http, URI manifest, @Nullable String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(manifest)
                .timeout(ANSWER)
                .header("Accept", KINDS)
                .method("HEAD", BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), BodyHandlers.discarding());
    }

    /** An anonymous token as the registry's challenge says where to get one; null where it names no place. */
    private static @Nullable String token(HttpClient http, String challenge) throws IOException, InterruptedException {
        String realm = "";
        StringBuilder query = new StringBuilder();
        for (Matcher part = CHALLENGE.matcher(challenge); part.find(); ) {
            if (part.group(1).equals("realm")) {
                realm = part.group(2);
            } else {
                query.append(query.isEmpty() ? "?" : "&")
                        .append(part.group(1))
                        .append('=')
                        .append(Text.encode(part.group(2)));
            }
        }
        if (realm.isEmpty()) {
            return null;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(realm + query))
                .timeout(ANSWER)
                .build();
        byte[] body = http.send(request, BodyHandlers.ofByteArray()).body();
        return Json.read(body, JsonNode.class).path("token").textValue();
    }
}
