package io.athanor.domain.port;

import io.athanor.domain.view.TimelineEntry;
import java.util.List;

/**
 * What becomes of jobs while somebody listens, whichever node stored it. Not durable: what came before, and what a
 * listener missed, is in the timeline ({@link io.athanor.domain.query.Queries.JobTimeline}).
 */
public interface JobChanges {
    /** Called in the order of the history, on one thread; must be quick and must not throw. */
    interface Listener {
        /**
         * @param entries ascending by index; none where no job changed
         * @param upTo every change of a job up to this index has been told
         */
        void told(List<TimelineEntry> entries, long upTo);

        /** The history cannot be read; nothing more is told. */
        void broken();
    }

    /** Tells what is stored from now on; where that begins is told before this returns, without an entry. */
    AutoCloseable subscribe(Listener listener);
}
