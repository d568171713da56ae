package io.athanor.chain;

import io.athanor.audit.ExportLine;
import io.athanor.chain.HistoryTables.Edge;
import io.athanor.chain.HistoryTables.State;
import io.athanor.codec.EventCatalogue;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.hash.MerkleFrontier;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.EventSource.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Hashes the whole event log, line by line as it is exported, and gives each state of the log of records the root over the
 * events up to it: what is anchored binds the history that everybody can fetch.
 *
 * <p>It goes its own pace behind the log; a state waits for it before anybody signs. What is not kept when this stops is
 * hashed again.
 */
final class HistoryKeeper {
    /** So many a look that nothing else waits for long. */
    private static final int EVENTS_A_TICK = 4_000;

    private static final String CLOSED = EventCatalogue.nameOf(EpochClosed.class);

    private final EventSource events;
    private final HistoryTables tables;

    HistoryKeeper(EventSource events, HistoryTables tables) {
        this.events = events;
        this.tables = tables;
    }

    void tick() {
        Edge edge = tables.edge();
        List<Stored> page = events.read(edge.lastIndex(), EVENTS_A_TICK);
        if (!page.isEmpty()) {
            MerkleFrontier frontier = edge.frontier();
            List<State> passed = new ArrayList<>();
            for (Stored stored : page) {
                frontier.add(ExportLine.of(stored).text().getBytes(StandardCharsets.UTF_8));
                if (stored.name().equals(CLOSED)) {
                    passed.add(new State(stored.index(), frontier.size(), frontier.root()));
                }
            }
            tables.advance(new Edge(frontier, page.getLast().index()), passed);
        }
        boolean more = true;
        while (more) {
            more = tables.complete();
        }
    }
}
