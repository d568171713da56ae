package io.athanor.chain;

import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleFrontier;
import io.athanor.domain.hash.MerkleTree;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * How far the event log is hashed, its state behind each closing of an epoch, and the records that say it.
 *
 * <p>The outbox leaves the place of such a record open, so that hashing every line holds no settlement up.
 */
final class HistoryTables {
    private final Jdbi jdbi;

    HistoryTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The tree over all lines so far, and the index of the last one. */
    record Edge(MerkleFrontier frontier, long lastIndex) {}

    /** The event log at an event: how many events, and the root over them. */
    record State(long index, long size, Hash32 root) {}

    private record Open(long number, long size, long index) {}

    Edge edge() {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.history")
                .map((rs, c) -> new Edge(
                        MerkleFrontier.of(rs.getLong("size"), peaks((String[])
                                rs.getArray("peaks").getArray())),
                        rs.getLong("last_index")))
                .one());
    }

    private static List<Hash32> peaks(String[] texts) {
        return Arrays.stream(texts).map(Hash32::parse).toList();
    }

    /** Keeps the edge and the states that were passed on the way to it, together. */
    void advance(Edge edge, List<State> passed) {
        String[] peaks = edge.frontier().peaks().stream().map(Hash32::hex).toArray(String[]::new);
        jdbi.useTransaction(h -> {
            h.execute(
                    "UPDATE chain.history SET size = ?, last_index = ?, peaks = ?",
                    edge.frontier().size(),
                    edge.lastIndex(),
                    peaks);
            for (State state : passed) {
                h.execute(
                        "INSERT INTO chain.history_state VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        state.index(),
                        state.size(),
                        state.root().hex());
            }
        });
    }

    /** Completes the oldest state of the log of records that waits for the event log's; whether there was one. */
    boolean complete() {
        return jdbi.inTransaction(h -> {
            Optional<Open> open = h.select("SELECT * FROM chain.checkpoint WHERE root IS NULL ORDER BY number LIMIT 1")
                    .map((rs, c) -> new Open(rs.getLong("number"), rs.getLong("size"), rs.getLong("event_index")))
                    .findOne();
            Optional<State> state = open.flatMap(waiting -> state(h, waiting.index()));
            state.ifPresent(known -> complete(h, open.orElseThrow(), known));
            return state.isPresent();
        });
    }

    private static Optional<State> state(Handle h, long index) {
        return h.select("SELECT * FROM chain.history_state WHERE event_index = ?", index)
                .map((rs, c) -> new State(index, rs.getLong("size"), Hash32.parse(rs.getString("root"))))
                .findOne();
    }

    private static void complete(Handle h, Open open, State state) {
        h.execute(
                "UPDATE chain.record SET leaf = ? WHERE position = ?",
                RecordLeaf.history(state.size(), state.index(), state.root()),
                open.size() - 1);
        h.execute(
                "UPDATE chain.checkpoint SET root = ? WHERE number = ?",
                MerkleTree.root(RecordTables.leaves(h, open.size())).hex(),
                open.number());
        h.execute("DELETE FROM chain.history_state WHERE event_index < ?", open.index());
    }
}
