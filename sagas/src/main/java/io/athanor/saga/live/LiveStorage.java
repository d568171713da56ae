package io.athanor.saga.live;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where live rows lie between two starts. */
public interface LiveStorage {
    /** A stored row. */
    record StoredRow(String table, String key, String body) {}

    /**
     * A row to write.
     *
     * @param label the state in a word
     * @param body null deletes the row
     */
    record Change(
            String table,
            String key,
            String label,
            @Nullable String body) {}

    /**
     * Reads all rows of these tables.
     *
     * @return the index of the event as of which they were written
     */
    long load(List<String> tables, Consumer<StoredRow> rows);

    /** The index of the event as of which the rows are, in the transaction of the caller. */
    long asOf();

    /**
     * Writes, in the transaction of the caller.
     *
     * @param from as of which event the rows were written or read last
     * @param to as of which event they are now
     * @return false where the stored rows are not as of {@code from}: another node has written; nothing is written
     */
    boolean write(List<Change> changes, long from, long to);
}
