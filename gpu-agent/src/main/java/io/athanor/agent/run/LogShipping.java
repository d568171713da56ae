package io.athanor.agent.run;

import io.athanor.agent.logs.LogRing;
import io.athanor.domain.common.LeaseId;
import java.time.Duration;

/** Takes a job's log to wherever it is read. */
@FunctionalInterface
public interface LogShipping {

    /** Begins to ship; goes on until the ring is finished and empty, or it is closed. */
    Shipment begin(LeaseId lease, LogRing ring);

    /** One log under way. */
    interface Shipment extends AutoCloseable {
        /** Waits for the end; false when the time was over first. */
        boolean awaitDone(Duration wait) throws InterruptedException;

        @Override
        void close();
    }
}
