package io.athanor.api.auth;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keys for programs: limited to scopes, shown once, stored as a hash. */
@Component
final class ApiKeys {
    static final String PREFIX = "athk_";
    private static final int KEYS_PER_WALLET = 50;
    private static final Duration MAX_LIFE = Duration.ofDays(366);

    private final JdbcClient sql;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    ApiKeys(JdbcClient sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    record ApiKey(String id, String name, Set<Scope> scopes, Instant createdAt, Instant expiresAt) {}

    record ApiKeyList(List<ApiKey> items) {}

    /** @param key the secret, shown here and never again */
    record MadeKey(ApiKey apiKey, String key) {}

    record Owner(Wallet wallet, Set<Scope> scopes) {}

    MadeKey make(Wallet wallet, String name, Set<Scope> scopes, Instant expiresAt) {
        Instant now = clock.instant();
        requireForm(wallet, name, scopes, expiresAt, now);
        UUID id = UuidText.v7(now.toEpochMilli(), random.nextLong(), random.nextLong());
        String secret = Secrets.random(PREFIX);
        String joined = new TreeSet<>(scopes).stream().map(Enum::name).collect(Collectors.joining(","));
        sql.sql("INSERT INTO api.api_key (id, key_hash, wallet, name, scopes, created_at, expires_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)")
                .params(
                        id,
                        Secrets.hash(secret),
                        wallet.address(),
                        name,
                        joined,
                        Timestamp.from(now),
                        Timestamp.from(expiresAt))
                .update();
        return new MadeKey(new ApiKey(id.toString(), name, scopes, now, expiresAt), secret);
    }

    private void requireForm(Wallet wallet, String name, Set<Scope> scopes, Instant expiresAt, Instant now) {
        Refused.unless(
                !name.isBlank() && name.length() <= Limits.NAME_CHARS,
                Reason.MALFORMED,
                "name must have 1 to " + Limits.NAME_CHARS + " characters");
        Refused.unless(!scopes.isEmpty(), Reason.MALFORMED, "scopes must name at least one scope");
        boolean life = now.isBefore(expiresAt) && expiresAt.isBefore(now.plus(MAX_LIFE));
        Refused.unless(life, Reason.MALFORMED, "expiresAt must lie within a year from now");
        Refused.unless(
                list(wallet).items().size() < KEYS_PER_WALLET,
                Reason.LIMIT_REACHED,
                "a wallet has at most " + KEYS_PER_WALLET + " API keys");
    }

    ApiKeyList list(Wallet wallet) {
        return new ApiKeyList(
                sql.sql("SELECT id, name, scopes, created_at, expires_at FROM api.api_key WHERE wallet = ? ORDER BY id")
                        .param(wallet.address())
                        .query((row, n) -> new ApiKey(
                                row.getString("id"),
                                row.getString("name"),
                                scopes(row),
                                row.getTimestamp("created_at").toInstant(),
                                row.getTimestamp("expires_at").toInstant()))
                        .list());
    }

    void revoke(Wallet wallet, UUID id) {
        int rows = sql.sql("DELETE FROM api.api_key WHERE wallet = ? AND id = ?")
                .params(wallet.address(), id)
                .update();
        Refused.unless(rows == 1, Reason.NOT_FOUND, "no API key " + id);
    }

    Optional<Owner> ownerOf(String key) {
        return sql.sql("SELECT wallet, scopes FROM api.api_key WHERE key_hash = ? AND expires_at > ?")
                .params(Secrets.hash(key), Timestamp.from(clock.instant()))
                .query((row, n) -> new Owner(Wallet.parse(row.getString("wallet")), scopes(row)))
                .optional();
    }

    private static Set<Scope> scopes(ResultSet row) throws SQLException {
        return Arrays.stream(row.getString("scopes").split(","))
                .map(Scope::valueOf)
                .collect(Collectors.toSet());
    }
}
