package io.athanor.query.fold;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.EventSource.Stored;
import io.athanor.domain.port.ViewOperations.Letter;
import io.athanor.domain.port.ViewOperations.Retried;
import io.athanor.query.table.Mapping;
import io.athanor.query.view.Fact;
import io.athanor.query.view.Projection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Events that a projection could not take: an operator lists them and, once the cause is gone, retries their stream.
 *
 * <p>Only the event's number is kept; the event itself stays where it is, in the store.
 */
public final class DeadLetters {
    private static final Mapping<Letter> LETTER = Mapping.of(Letter.class);

    private final Jdbi jdbi;
    private final ViewWriter writer;
    private final EventSource source;

    public DeadLetters(Jdbi jdbi, ViewWriter writer, EventSource source) {
        this.jdbi = jdbi;
        this.writer = writer;
        this.source = source;
    }

    /** The oldest letters. */
    public List<Letter> list(int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT * FROM view.dead_letter ORDER BY global_index, projection LIMIT :limit")
                .bind("limit", limit)
                .map(LETTER)
                .list());
    }

    /**
     * Folds a stream's letters in order, up to the first that fails again. Error: {@link Refused} NOT_FOUND where the
     * stream has none.
     */
    public Retried retry(String projection, String stream) {
        Projection target = writer.projections().stream()
                .filter(p -> p.name().equals(projection))
                .findFirst()
                .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "no projection " + projection));
        return jdbi.inTransaction(handle -> retry(handle, target, stream));
    }

    private Retried retry(Handle handle, Projection projection, String stream) {
        try {
            return retryInOrder(handle, projection, stream);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot retry " + stream, e);
        }
    }

    private Retried retryInOrder(Handle handle, Projection projection, String stream) throws SQLException {
        writer.lock(handle.getConnection(), 0);
        List<Letter> letters = letters(handle, projection, stream);
        Refused.unless(!letters.isEmpty(), Reason.NOT_FOUND, "stream " + stream + " has no dead letters");
        int folded = 0;
        for (Letter letter : letters) {
            String failure = writer.retry(handle.getConnection(), projection, fact(letter));
            if (failure != null) {
                failed(handle, letter, failure);
                break;
            }
            folded++;
            remove(handle, letter);
        }
        return new Retried(folded, letters.size() - folded);
    }

    private static List<Letter> letters(Handle handle, Projection projection, String stream) {
        return handle.createQuery("SELECT * FROM view.dead_letter WHERE projection = :projection AND stream = :stream"
                        + " ORDER BY global_index")
                .bind("projection", projection.name())
                .bind("stream", stream)
                .map(LETTER)
                .list();
    }

    private Fact fact(Letter letter) {
        Optional<Stored> stored = source.read(letter.index() - 1, 1).stream()
                .filter(event -> event.index() == letter.index())
                .findFirst();
        return stored.map(StoredFacts::read)
                .orElseThrow(() -> new Refused(Reason.UNAVAILABLE, "the store has no event " + letter.index()));
    }

    /**
     * Gives one letter up, and keeps that it was. Error: {@link Refused} NOT_FOUND where there is no such letter,
     * MALFORMED without a reason of at most {@code Limits.REASON_CHARS}.
     */
    public void drop(String projection, long index, String reason, String by, Instant at) {
        Refused.unless(
                !reason.isBlank() && reason.length() <= Limits.REASON_CHARS,
                Reason.MALFORMED,
                "reason must have 1 to " + Limits.REASON_CHARS + " characters");
        int dropped = jdbi.withHandle(handle -> handle.createUpdate("""
                        WITH gone AS (
                            DELETE FROM view.dead_letter WHERE projection = :projection AND global_index = :index
                            RETURNING projection, global_index, stream, event, cause)
                        INSERT INTO view.dropped_letter
                        SELECT gone.*, :reason, :by, :at FROM gone""")
                .bind("projection", projection)
                .bind("index", index)
                .bind("reason", ViewWriter.cleaned(reason))
                .bind("by", by)
                .bind("at", Timestamp.from(at))
                .execute());
        Refused.unless(dropped == 1, Reason.NOT_FOUND, projection + " has no dead letter " + index);
    }

    private static void remove(Handle handle, Letter letter) {
        handle.execute(
                "DELETE FROM view.dead_letter WHERE projection = ? AND global_index = ?",
                letter.projection(),
                letter.index());
    }

    private static void failed(Handle handle, Letter letter, @Nullable String cause) {
        handle.execute(
                "UPDATE view.dead_letter SET attempts = attempts + 1, cause = ? WHERE projection = ? AND global_index = ?",
                ViewWriter.cleaned(String.valueOf(cause)),
                letter.projection(),
                letter.index());
    }
}
