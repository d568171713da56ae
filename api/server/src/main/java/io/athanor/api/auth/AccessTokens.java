package io.athanor.api.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.api.ApiSettings;
import io.athanor.codec.Json;
import io.athanor.crypto.KeyFiles;
import io.athanor.domain.common.Wallet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Short access tokens: JWTs under HS256 alone, so that no header can choose another algorithm. A token names a wallet
 * and ends after {@link #LIFE}; nothing is stored. Sources: RFC 7515, RFC 7519.
 */
@Component
public final class AccessTokens {
    /** How long a token is good for. */
    public static final Duration LIFE = Duration.ofMinutes(15);

    private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    private final InstantSource clock;

    public AccessTokens(ApiSettings settings, InstantSource clock) {
        this.key = new SecretKeySpec(readOrMake(settings.tokenKeyFile()), "HmacSHA256");
        this.clock = clock;
    }

    private static byte[] readOrMake(Path file) {
        try {
            if (!Files.exists(file)) {
                byte[] fresh = new byte[KEY_BYTES];
                new SecureRandom().nextBytes(fresh);
                makeOnce(file, fresh);
            }
            return KeyFiles.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the token key " + file, e);
        }
    }

    /** Another node on the same folder may be the first; then its key is the key. */
    private static void makeOnce(Path file, byte[] fresh) throws IOException {
        try {
            KeyFiles.write(file, fresh);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isReadable(file)) {
                throw e;
            }
        }
    }

    /** A token for the wallet, from now. */
    public String issue(Wallet wallet) {
        Instant now = clock.instant();
        Map<String, Object> claims = Map.of(
                "sub", wallet.address(),
                "iat", now.getEpochSecond(),
                "exp", now.plus(LIFE).getEpochSecond());
        String signed = HEADER + "." + encode(Json.bytes(claims));
        return signed + "." + encode(mac(signed));
    }

    /** The wallet that a token names; empty for one that is forged, malformed or over. */
    public Optional<Wallet> read(String token) {
        int dot = token.lastIndexOf('.');
        if (dot < 0 || !token.startsWith(HEADER + ".")) {
            return Optional.empty();
        }
        try {
            byte[] given = Base64.getUrlDecoder().decode(token.substring(dot + 1));
            String signed = token.substring(0, dot);
            if (!MessageDigest.isEqual(mac(signed), given)) {
                return Optional.empty();
            }
            JsonNode claims =
                    Json.mapper().readTree(Base64.getUrlDecoder().decode(signed.substring(HEADER.length() + 1)));
            boolean over =
                    clock.instant().getEpochSecond() >= claims.path("exp").asLong();
            return over
                    ? Optional.empty()
                    : Optional.of(Wallet.parse(claims.path("sub").asText()));
        } catch (IllegalArgumentException | IOException malformed) {
            return Optional.empty();
        }
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
