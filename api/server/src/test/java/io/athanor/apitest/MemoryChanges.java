package io.athanor.apitest;

import io.athanor.domain.job.JobEvent;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.port.JobChanges;
import io.athanor.domain.view.TimelineEntry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What {@link MemoryNetwork} stores, told as the port asks; a test may tell more. */
final class MemoryChanges implements JobChanges {
    final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final MemoryNetwork network;

    MemoryChanges(MemoryNetwork network) {
        this.network = network;
    }

    @Override
    public AutoCloseable subscribe(Listener listener) {
        synchronized (network) {
            listener.told(List.of(), network.head());
            listeners.add(listener);
            // On a thread of its own, as the port says: whoever stores must not wait for listeners.
            ExecutorService thread =
                    Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
            AutoCloseable feed = network.subscribe(batch -> thread.execute(() -> tell(listener, batch)));
            return () -> {
                listeners.remove(listener);
                feed.close();
                thread.shutdown();
            };
        }
    }

    private static void tell(Listener listener, List<Committed> batch) {
        List<TimelineEntry> entries = batch.stream()
                .filter(committed -> committed.event() instanceof JobEvent)
                .map(committed -> MemoryNetwork.line(committed.index(), (JobEvent) committed.event()))
                .toList();
        listener.told(entries, batch.getLast().index());
    }
}
