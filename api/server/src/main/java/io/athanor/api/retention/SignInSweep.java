package io.athanor.api.retention;

import io.athanor.domain.port.Sweep;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Forgets refresh tokens, sign-in nonces, API keys and enrolment tokens some time after they have expired. Until then a
 * used refresh token must be known, so that its second use ends the family.
 */
@Component
final class SignInSweep implements Sweep {
    private static final String SETTING = "athanor.retention.sign-ins";
    private static final Duration KEPT = Duration.ofDays(1);
    private static final List<String> TABLES = List.of("refresh_token", "sign_in_nonce", "api_key", "enrolment_token");

    private final JdbcClient sql;
    private final Duration kept;

    SignInSweep(JdbcClient sql, Environment environment) {
        this.sql = sql;
        this.kept = environment.getProperty(SETTING, Duration.class, KEPT);
    }

    @Override
    public String what() {
        return "sign-ins";
    }

    @Override
    public long run(Instant now) {
        Timestamp before = Timestamp.from(now.minus(kept));
        return TABLES.stream()
                .mapToLong(table -> sql.sql("DELETE FROM api." + table + " WHERE expires_at < ?")
                        .param(before)
                        .update())
                .sum();
    }
}
