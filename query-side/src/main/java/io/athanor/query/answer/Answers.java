package io.athanor.query.answer;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.view.Page;
import io.athanor.query.table.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * What all answers share: keyset pages, cursors, one snapshot where an answer takes several statements.
 *
 * <p>Invariant: {@code asOf} is read before the rows, so that nothing up to that event is missing from a page.
 */
final class Answers {
    private final Jdbi jdbi;
    private final String processor;

    Answers(Jdbi jdbi, String processor) {
        this.jdbi = jdbi;
        this.processor = processor;
    }

    /** At most one row. */
    <R extends Record> Optional<R> find(Mapping<R> mapping, String sql, Map<String, ?> parameters) {
        return jdbi.withHandle(
                handle -> query(handle, sql, parameters).map(mapping).findOne());
    }

    /** Several statements on one snapshot. */
    <T> T snapshot(Function<Handle, T> work) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, work::apply);
    }

    /** A page. The statement's {@code LIMIT} is {@code :rows}, its column {@code cursor} the place of each row. */
    <R extends Record> Page<R> page(Mapping<R> mapping, String sql, Map<String, ?> parameters, int first) {
        requirePage(first);
        return rows(mapping, sql, parameters, first);
    }

    /** A page of more rows than a client may ask for; the caller bounds {@code first}. */
    <R extends Record> Page<R> rows(Mapping<R> mapping, String sql, Map<String, ?> parameters, int first) {
        return jdbi.withHandle(handle -> {
            long asOf = asOf(handle);
            List<Placed<R>> rows = query(handle, sql, parameters)
                    .bind("rows", first + 1)
                    .map((row, context) -> new Placed<>(mapping.read(row), row.getString("cursor")))
                    .list();
            boolean more = rows.size() > first;
            List<Placed<R>> shown = more ? rows.subList(0, first) : rows;
            String next = more ? shown.getLast().cursor() : null;
            return new Page<>(shown.stream().map(Placed::row).toList(), next, asOf);
        });
    }

    /** @param cursor what {@code after} is for the rows behind this one */
    private record Placed<R extends Record>(R row, String cursor) {}

    static void requirePage(int first) {
        Refused.unless(
                first >= 1 && first <= Limits.PAGE_ROWS,
                Reason.MALFORMED,
                "first must lie in 1.." + Limits.PAGE_ROWS + ", is " + first);
    }

    static Query query(Handle handle, String sql, Map<String, ?> parameters) {
        Query query = handle.createQuery(sql);
        parameters.forEach(query::bind);
        return query;
    }

    /** Index of the newest event that the views know. */
    long asOf(Handle handle) {
        return handle.createQuery("SELECT as_of FROM view.position WHERE processor = :processor")
                .bind("processor", processor)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** A cursor that is a number. Error: {@link Refused} MALFORMED. */
    static long number(@Nullable String after, long otherwise) {
        if (after == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(after);
        } catch (NumberFormatException e) {
            throw new Refused(Reason.MALFORMED, "after is not a cursor of this list: " + after);
        }
    }
}
