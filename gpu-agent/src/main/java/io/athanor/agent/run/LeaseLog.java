package io.athanor.agent.run;

import io.athanor.agent.docker.LogAttachment;
import io.athanor.agent.logs.LogRing;
import io.athanor.domain.common.LeaseId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One lease's output on its whole way: from the container into the ring, and from the ring to the network. */
final class LeaseLog implements AutoCloseable {
    private static final Duration OUTPUT_ENDS_WITHIN = Duration.ofSeconds(10);
    private static final Duration SHIPPED_WITHIN = Duration.ofMinutes(5);

    private final RunContext context;
    private final LeaseId lease;
    private final LeaseFolder folder;
    private @Nullable LogRing ring;
    private LogShipping.@Nullable Shipment shipment;
    private @Nullable LogAttachment attachment;

    LeaseLog(RunContext context, LeaseId lease, LeaseFolder folder) {
        this.context = context;
        this.lease = lease;
        this.folder = folder;
    }

    /** Opens what an earlier agent left, or begins. */
    void open() throws IOException {
        LogRing opened = LogRing.open(folder.log(), context.settings().log());
        ring = opened;
        shipment = context.logs().begin(lease, opened);
    }

    LogRing ring() {
        LogRing opened = ring;
        if (opened == null) {
            throw new IllegalStateException(lease + " has no log yet");
        }
        return opened;
    }

    boolean isAttached() {
        return attachment != null;
    }

    /** Reads the container's output from now on. */
    void attach(String container) throws InterruptedException {
        if (attachment != null) {
            attachment.close();
        }
        attachment = context.engine().attach(container, ring());
    }

    /** Waits until everything that the ended container wrote is here, and notes it where that cannot be said. */
    void awaitOutput() throws InterruptedException {
        LogAttachment reading = attachment;
        if (reading == null || !reading.awaitEnd(OUTPUT_ENDS_WITHIN)) {
            ring().note("LOG_GAP bytes=unknown: the output broke off before its end");
        }
    }

    /** Waits until the network has all of it; false where it did not take it in time. */
    boolean awaitShipped() throws InterruptedException {
        return shipment == null || shipment.awaitDone(SHIPPED_WITHIN);
    }

    @Override
    public void close() {
        try {
            if (attachment != null) {
                attachment.close();
                attachment = null;
            }
            if (shipment != null) {
                shipment.close();
                shipment = null;
            }
            if (ring != null) {
                ring.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
