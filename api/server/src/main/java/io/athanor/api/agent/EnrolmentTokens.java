package io.athanor.api.agent;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Digests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** One-time tokens that let a machine ask to join. A token is bound to the machine that used it first. */
@Component
public final class EnrolmentTokens {
    private static final Duration LIFE = Duration.ofHours(24);
    private static final int BYTES = 24;
    private static final String PREFIX = "athe_";

    private final JdbcClient sql;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    EnrolmentTokens(JdbcClient sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** @param token shown here and never again */
    public record EnrolmentToken(String token, Wallet provider, Instant expiresAt) {}

    public EnrolmentToken make(Wallet provider) {
        Instant now = clock.instant();
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        sql.sql("INSERT INTO api.enrolment_token (token_hash, wallet, expires_at) VALUES (?, ?, ?)")
                .params(hash(token), provider.address(), Timestamp.from(now.plus(LIFE)))
                .update();
        return new EnrolmentToken(token, provider, now.plus(LIFE));
    }

    /** Takes the token for this machine; a repeat by the same machine is fine. Error: {@link Refused} NOT_ALLOWED. */
    void use(String token, Wallet provider, MachineId machine) {
        int rows = sql.sql("UPDATE api.enrolment_token SET machine = ? WHERE token_hash = ? AND wallet = ?"
                        + " AND expires_at > ? AND (machine IS NULL OR machine = ?)")
                .params(
                        machine.value(),
                        hash(token),
                        provider.address(),
                        Timestamp.from(clock.instant()),
                        machine.value())
                .update();
        if (rows != 1) {
            throw new Refused(
                    Reason.NOT_ALLOWED,
                    "the enrolment token is unknown, used, over or of another provider",
                    "Make a new one: POST /v1/machines/enrolment-tokens, signed in as the provider.");
        }
    }

    private static byte[] hash(String token) {
        return Digests.sha256(token.getBytes(StandardCharsets.UTF_8));
    }
}
