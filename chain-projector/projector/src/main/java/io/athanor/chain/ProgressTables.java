package io.athanor.chain;

import static io.athanor.chain.Tables.at;
import static io.athanor.chain.Tables.instant;

import io.athanor.domain.port.ChainStatus.Halt;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Where the projector stands, what stopped it, and which node leads. */
final class ProgressTables {
    private final Jdbi jdbi;

    ProgressTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** What can stop: all of it, only what goes to the chain, or of that only roots of withdrawals. */
    enum Part {
        CHAIN,
        OUTBOUND,
        PAYOUTS
    }

    /** The last block that was read, its hash, the newest transfer up to it, and how many claims there were. */
    record Cursor(long block, String hash, long inbound, long claims) {}

    /** An epoch that was ordered to open. */
    record Opening(long epoch, Instant startsAt, Instant endsAt) {}

    Optional<Cursor> cursor() {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.scan")
                .map((rs, c) -> new Cursor(
                        rs.getLong("block_number"),
                        rs.getString("block_hash"),
                        rs.getLong("inbound"),
                        rs.getLong("claims")))
                .findOne());
    }

    void cursor(Cursor cursor) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.scan VALUES (1, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET block_number ="
                        + " excluded.block_number, block_hash = excluded.block_hash, inbound = excluded.inbound,"
                        + " claims = excluded.claims",
                cursor.block(),
                cursor.hash(),
                cursor.inbound(),
                cursor.claims()));
    }

    Optional<Opening> opening() {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.opening")
                .map((rs, c) -> new Opening(rs.getLong("epoch"), instant(rs, "starts_at"), instant(rs, "ends_at")))
                .findOne());
    }

    void opening(Opening opening) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.opening VALUES (1, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET epoch ="
                        + " excluded.epoch, starts_at = excluded.starts_at, ends_at = excluded.ends_at",
                opening.epoch(),
                at(opening.startsAt()),
                at(opening.endsAt())));
    }

    List<Halt> halts() {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.halt ORDER BY part")
                .map((rs, c) -> new Halt(rs.getString("part"), rs.getString("reason"), instant(rs, "since")))
                .list());
    }

    boolean stopped(Part part) {
        return halts().stream()
                .map(Halt::part)
                .anyMatch(stopped -> stopped.equals(Part.CHAIN.name()) || stopped.equals(part.name()));
    }

    /** The first reason stays until it is resumed. */
    void halt(Part part, String why, Instant now) {
        jdbi.useHandle(h ->
                h.execute("INSERT INTO chain.halt VALUES (?, ?, ?) ON CONFLICT DO NOTHING", part.name(), why, at(now)));
    }

    /** Lifts all halts. After one of the whole chain the blocks are read again from the first, compared with the log. */
    void resume() {
        jdbi.useHandle(h -> h.execute("WITH lifted AS (DELETE FROM chain.halt RETURNING part)"
                + " DELETE FROM chain.scan WHERE 'CHAIN' IN (SELECT part FROM lifted)"));
    }

    Leadership leadership() {
        return new Leadership(jdbi.open());
    }

    /** A session lock on a connection of its own: one node at a time speaks to the chain. */
    static final class Leadership implements AutoCloseable {
        private static final String LOCK = "(hashtext('athanor.chain.leader'))";
        private final Handle connection;
        private boolean held;

        private Leadership(Handle connection) {
            this.connection = connection;
        }

        /** Whether this node leads, taking the lock where it is free. Fails where the connection, and the lock, is lost. */
        boolean holds() {
            String question = held ? "SELECT true" : "SELECT pg_try_advisory_lock" + LOCK;
            held = answer(question);
            return held;
        }

        private boolean answer(String question) {
            @Nullable Boolean answer = connection.select(question).mapTo(Boolean.class).one();
            return Boolean.TRUE.equals(answer);
        }

        /** Gives the lock back, since the connection returns to its pool and lives on. */
        @Override
        public void close() {
            try (connection) {
                if (held) {
                    held = !answer("SELECT pg_advisory_unlock" + LOCK);
                }
            }
        }
    }
}
