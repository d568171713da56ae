package io.athanor.command.store;

import io.athanor.domain.port.CommittedEvents;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells subscribers what this node has committed, in commit order on a thread of its own, so that a slow one never
 * holds up the writer. Where it falls {@value #BATCHES} batches behind, batches are left out and the log says so; the
 * port promises no more than that.
 */
public final class CommitAnnouncer implements CommittedEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitAnnouncer.class);
    static final int BATCHES = 8_192;

    private final BlockingQueue<List<Committed>> waiting = new ArrayBlockingQueue<>(BATCHES);
    private final List<Consumer<List<Committed>>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;

    public CommitAnnouncer() {
        thread = Thread.ofPlatform().name("committed-events").daemon().start(this::run);
    }

    /** Queues one commit's events; called in commit order. */
    public void announce(Appended appended) {
        if (!listeners.isEmpty() && !waiting.offer(appended.committed())) {
            LOG.warn("Listeners are {} batches behind; events up to {} are left out", BATCHES, appended.head());
        }
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                List<Committed> batch = waiting.take();
                listeners.forEach(listener -> tell(listener, batch));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Consumer<List<Committed>> listener, List<Committed> batch) {
        try {
            listener.accept(batch);
        } catch (RuntimeException e) {
            LOG.error("A listener of committed events failed", e);
        }
    }

    @Override
    public AutoCloseable subscribe(Consumer<List<Committed>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
