package io.athanor.query.fold;

import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.EventSource.Stored;
import io.athanor.query.table.Table;
import io.athanor.query.view.Fact;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Makes all views anew from the stored history.
 *
 * <p>Invariant: each chunk's rows and the processor's token are one transaction, so that a rebuild which is cut off is
 * continued by the live processor from the last chunk. The same fold as the live one, in larger batches: the result is
 * the same, byte for byte.
 */
public final class ViewRebuild {
    /** Events a transaction: large enough for few statements, small enough for memory. */
    private static final int CHUNK_EVENTS = 20_000;
    /** How far back a skipped number may still be an event that has not committed. */
    private static final long GAP_WINDOW = 10_000;

    private final DataSource dataSource;
    private final ViewWriter writer;
    private final EventSource source;
    private final LiveViews live;

    public ViewRebuild(DataSource dataSource, ViewWriter writer, EventSource source, LiveViews live) {
        this.dataSource = dataSource;
        this.writer = writer;
        this.source = source;
        this.live = live;
    }

    /**
     * How far it is.
     *
     * @param index of the newest folded event, of {@code head}
     */
    public record Progress(long events, long index, long head) {}

    /** Stops the live processor, empties the views, folds the whole history, and starts the processor again. */
    public Progress run(Consumer<Progress> listener) {
        live.stop();
        try {
            live.transactions().executeInTransaction(this::empty);
            return fold(listener);
        } finally {
            live.transactions().executeInTransaction(live::releaseToken);
            live.start();
        }
    }

    private void empty() {
        String tables = Stream.concat(
                        Stream.of("view.position", "view.dead_letter"),
                        writer.projections().stream()
                                .flatMap(projection -> projection.tables().stream())
                                .map(Table::name))
                .collect(Collectors.joining(", "));
        withConnection(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("TRUNCATE " + tables);
            }
        });
        live.setToken(0, new TreeSet<>());
    }

    private Progress fold(Consumer<Progress> listener) {
        try (ExecutorService reader = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("view-rebuild-reader").daemon().factory())) {
            Progress progress = new Progress(0, 0, source.head());
            SortedSet<Long> gaps = new TreeSet<>();
            CompletableFuture<List<Fact>> next = read(reader, 0);
            for (List<Fact> facts = next.join(); !facts.isEmpty(); facts = next.join()) {
                long last = facts.getLast().index();
                next = read(reader, last);
                noteGaps(gaps, progress.index(), facts);
                List<Fact> chunk = facts;
                live.transactions().executeInTransaction(() -> write(chunk, gaps));
                progress = new Progress(progress.events() + facts.size(), last, Math.max(last, source.head()));
                listener.accept(progress);
            }
            return progress;
        }
    }

    /** Reads and decodes the next chunk while this one is being written. */
    private CompletableFuture<List<Fact>> read(ExecutorService reader, long after) {
        return CompletableFuture.supplyAsync(() -> facts(source.read(after, CHUNK_EVENTS)), reader);
    }

    private static List<Fact> facts(List<Stored> stored) {
        return stored.stream().map(StoredFacts::read).toList();
    }

    private void write(List<Fact> facts, SortedSet<Long> gaps) {
        withConnection(connection -> writer.write(connection, facts));
        live.setToken(facts.getLast().index(), Collections.unmodifiableSortedSet(gaps));
    }

    private static void noteGaps(SortedSet<Long> gaps, long before, List<Fact> facts) {
        long expected = before + 1;
        long last = facts.getLast().index();
        for (Fact fact : facts) {
            for (long skipped = Math.max(expected, last - GAP_WINDOW); skipped < fact.index(); skipped++) {
                gaps.add(skipped);
            }
            expected = fact.index() + 1;
        }
        gaps.headSet(last - GAP_WINDOW).clear();
    }

    /** What is done with a connection of the current transaction. */
    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private void withConnection(Work work) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            work.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write views", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
