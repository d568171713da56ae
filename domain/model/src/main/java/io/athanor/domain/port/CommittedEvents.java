package io.athanor.domain.port;

import io.athanor.domain.common.Event;
import java.util.List;
import java.util.function.Consumer;

/** What this node has just stored, right after its commit: the fast path of routers. Not durable; sweep besides. */
public interface CommittedEvents {
    /** One stored event. */
    record Committed(long index, Event event) {}

    /** Called in commit order on one thread; must be quick and must not throw. */
    AutoCloseable subscribe(Consumer<List<Committed>> listener);
}
