package io.athanor.domain.port;

import io.athanor.domain.common.Event;
import java.util.List;
import java.util.function.Consumer;

/** What this node has just stored, right after its commit: the fast path of routers. Not durable; sweep besides. */
public interface CommittedEvents {
    /**
     * One stored event.
     *
     * @param previous index of the event stored right before it, so that a listener sees whether it missed one
     */
    record Committed(long index, long previous, Event event) {
        /** Of a store whose indexes have no gaps. */
        public Committed(long index, Event event) {
            this(index, index - 1, event);
        }
    }

    /** Called in commit order on one thread; must be quick and must not throw. */
    AutoCloseable subscribe(Consumer<List<Committed>> listener);
}
