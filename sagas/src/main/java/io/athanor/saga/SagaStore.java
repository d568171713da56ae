package io.athanor.saga;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.ParkedInstances.Parked;
import io.athanor.saga.live.LiveJson;
import io.athanor.saga.live.LiveStorage;
import io.athanor.saga.routing.ParkedWork.ParkedStore;
import io.athanor.saga.settlement.Books;
import io.athanor.saga.settlement.Books.BookStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** The schema {@code saga} on PostgreSQL. Live rows are written in the caller's transaction where there is one. */
public final class SagaStore implements LiveStorage, BookStore, ParkedStore {
    private static final int FETCH_ROWS = 1_000;

    private final Jdbi jdbi;

    public SagaStore(Jdbi jdbi) {
        this.jdbi = jdbi.registerArrayType(String.class, "text");
    }

    @Override
    public long load(List<String> tables, Consumer<StoredRow> rows) {
        // The caller's transaction has the claim, and nobody else writes; without one, rows and index are of one
        // snapshot.
        return jdbi.withHandle(handle -> handle.isInTransaction()
                ? read(handle, tables, rows)
                : handle.inTransaction(
                        TransactionIsolationLevel.REPEATABLE_READ, snapshot -> read(snapshot, tables, rows)));
    }

    private static long read(Handle handle, List<String> tables, Consumer<StoredRow> rows) {
        handle.createQuery("SELECT kind, key, body FROM saga.live_row WHERE kind = ANY(:kinds)")
                .bindArray("kinds", String.class, tables)
                .setFetchSize(FETCH_ROWS)
                .map((row, context) ->
                        new StoredRow(row.getString("kind"), row.getString("key"), row.getString("body")))
                .forEach(rows);
        return asOf(handle);
    }

    @Override
    public long asOf() {
        return jdbi.withHandle(SagaStore::asOf);
    }

    private static long asOf(Handle handle) {
        return handle.createQuery("SELECT index FROM saga.live_position")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public boolean write(List<Change> changes, long from, long to) {
        return jdbi.inTransaction(handle -> {
            int moved = handle.createUpdate("UPDATE saga.live_position SET index = :to WHERE index = :from")
                    .bind("to", to)
                    .bind("from", from)
                    .execute();
            if (moved == 1) {
                upsert(handle, changes.stream().filter(c -> c.body() != null).toList());
                delete(handle, changes.stream().filter(c -> c.body() == null).toList());
            }
            return moved == 1;
        });
    }

    private static void upsert(Handle handle, List<Change> rows) {
        if (!rows.isEmpty()) {
            handle.createUpdate("""
                    INSERT INTO saga.live_row (kind, key, label, body)
                    SELECT * FROM unnest(:kinds, :keys, :labels, :bodies)
                    ON CONFLICT (kind, key) DO UPDATE SET label = excluded.label, body = excluded.body""")
                    .bindArray("kinds", String.class, column(rows, Change::table))
                    .bindArray("keys", String.class, column(rows, Change::key))
                    .bindArray("labels", String.class, column(rows, Change::label))
                    .bindArray("bodies", String.class, column(rows, change -> String.valueOf(change.body())))
                    .execute();
        }
    }

    private static void delete(Handle handle, List<Change> rows) {
        if (!rows.isEmpty()) {
            handle.createUpdate("""
                    DELETE FROM saga.live_row r USING unnest(:kinds, :keys) AS gone (kind, key)
                    WHERE r.kind = gone.kind AND r.key = gone.key""")
                    .bindArray("kinds", String.class, column(rows, Change::table))
                    .bindArray("keys", String.class, column(rows, Change::key))
                    .execute();
        }
    }

    private static <T> List<T> column(List<Change> rows, Function<Change, T> value) {
        return rows.stream().map(value).toList();
    }

    @Override
    public void keep(Hash32 root, Books books) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO saga.books (epoch, root, body) VALUES (:epoch, :root, :body)
                        ON CONFLICT (epoch, root) DO NOTHING""")
                .bind("epoch", books.epoch())
                .bind("root", root.toString())
                .bind("body", LiveJson.text(books))
                .execute());
    }

    @Override
    public Optional<Books> find(long epoch, Hash32 root) {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT body FROM saga.books WHERE epoch = :epoch AND root = :root")
                        .bind("epoch", epoch)
                        .bind("root", root.toString())
                        .map((row, context) -> LiveJson.read(row.getString("body"), Books.class))
                        .findOne());
    }

    @Override
    public void forget(long epoch) {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM saga.books WHERE epoch = :epoch")
                .bind("epoch", epoch)
                .execute());
    }

    @Override
    public List<Parked> list() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT instance, failures, error, since FROM saga.parked")
                .map((row, context) -> new Parked(
                        row.getString("instance"),
                        row.getInt("failures"),
                        row.getString("error"),
                        row.getTimestamp("since").toInstant()))
                .list());
    }

    @Override
    public void add(Parked parked) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        INSERT INTO saga.parked (instance, failures, error, since)
                        VALUES (:instance, :failures, :error, :since)
                        ON CONFLICT (instance) DO UPDATE SET failures = excluded.failures, error = excluded.error""")
                .bind("instance", parked.instance())
                .bind("failures", parked.failures())
                .bind("error", parked.error())
                .bind("since", parked.since())
                .execute());
    }

    @Override
    public void remove(String instance) {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM saga.parked WHERE instance = :instance")
                .bind("instance", instance)
                .execute());
    }
}
