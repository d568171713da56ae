package io.athanor.command.stream;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Who holds what exists once in the network: a GPU, a machine's fingerprint, an agent's key, an attester's key. Rows
 * are written in the transaction of the events that claim them.
 */
public final class Uniqueness {
    private static final int NAMED_AT_MOST = 3;

    private final JdbcTemplate jdbc;

    public Uniqueness(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    private record Holder(String key, String owner) {}

    /**
     * Makes the claims true.
     *
     * @throws Refused ALREADY_REGISTERED, naming what collides, before anything is written
     * @throws ConcurrencyException where another node claims the same at this moment
     */
    void claim(List<Claim> claims, Instant at) {
        requireDistinct(claims);
        claims.forEach(this::requireFree);
        claims.forEach(claim -> write(claim, at));
    }

    /** One order may not claim a key for two owners. */
    private static void requireDistinct(List<Claim> claims) {
        Map<String, String> owners = new HashMap<>();
        for (Claim claim : claims) {
            for (String key : claim.keys()) {
                String other = owners.putIfAbsent(key, claim.owner());
                Refused.unless(
                        other == null || other.equals(claim.owner()),
                        Reason.ALREADY_REGISTERED,
                        key + " belongs to " + other);
            }
        }
    }

    private void requireFree(Claim claim) {
        List<Holder> others = jdbc.query(
                "SELECT key, owner FROM command.uniqueness WHERE key = ANY (?) AND owner <> ? ORDER BY key LIMIT ?",
                (row, number) -> new Holder(row.getString(1), row.getString(2)),
                array(claim.keys()),
                claim.owner(),
                NAMED_AT_MOST);
        if (!others.isEmpty()) {
            List<String> named = others.stream()
                    .map(o -> o.key() + " belongs to " + o.owner())
                    .toList();
            throw new Refused(Reason.ALREADY_REGISTERED, String.join("; ", named));
        }
    }

    private void write(Claim claim, Instant at) {
        jdbc.update(
                "DELETE FROM command.uniqueness WHERE owner = ? AND split_part(key, ':', 1) = ANY (?)"
                        + " AND NOT key = ANY (?)",
                claim.owner(),
                array(List.copyOf(claim.kinds())),
                array(claim.keys()));
        if (claim.keys().isEmpty()) {
            return;
        }
        int held = jdbc.update(
                "INSERT INTO command.uniqueness (key, owner, at) SELECT k, ?, ? FROM unnest(?) AS k"
                        + " ON CONFLICT (key) DO UPDATE SET at = command.uniqueness.at"
                        + " WHERE command.uniqueness.owner = excluded.owner",
                claim.owner(),
                OffsetDateTime.ofInstant(at, ZoneOffset.UTC),
                array(claim.keys()));
        if (held != claim.keys().size()) {
            throw new ConcurrencyException("another node claims one of " + claim.keys());
        }
    }

    private static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }
}
