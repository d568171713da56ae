package io.athanor.query.fold;

import io.athanor.domain.port.JobChanges;
import io.athanor.domain.view.TimelineEntry;
import io.athanor.query.view.Fact;
import io.athanor.query.view.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of jobs in the words of their timeline, read from the event store's own stream: woken by each commit of any
 * node, and by this node's without reading a row. A subscription costs one thread; without one nothing is read.
 */
public final class JobFeed implements JobChanges, ConfigurerModule {
    private static final Logger LOG = LoggerFactory.getLogger(JobFeed.class);
    private static final int WAIT_SECONDS = 1;
    private static final int BATCH_EVENTS = 500;

    private volatile @Nullable Configuration axon;

    @Override
    public void configureModule(Configurer configurer) {
        configurer.onInitialize(configuration -> axon = configuration);
    }

    @Override
    public AutoCloseable subscribe(Listener listener) {
        Configuration started = Objects.requireNonNull(axon, "Axon has not started");
        StreamableMessageSource<TrackedEventMessage<?>> store = started.eventStore();
        TrackingToken head = store.createHeadToken();
        listener.told(List.of(), head == null ? 0 : head.position().orElse(0));
        Reader reader = new Reader(store.openStream(head), listener);
        reader.thread.start();
        return reader;
    }

    /** One subscription. */
    private static final class Reader implements AutoCloseable {
        private final BlockingStream<TrackedEventMessage<?>> stream;
        private final Listener listener;
        private final Thread thread;
        private volatile boolean open = true;

        Reader(BlockingStream<TrackedEventMessage<?>> stream, Listener listener) {
            this.stream = stream;
            this.listener = listener;
            this.thread = Thread.ofPlatform().name("job-changes").daemon().unstarted(this::run);
        }

        private void run() {
            try (stream) {
                while (open) {
                    if (stream.hasNextAvailable(WAIT_SECONDS, TimeUnit.SECONDS)) {
                        tell();
                    }
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.warn("The feed of job changes ends: {}", e.toString());
                listener.broken();
            }
        }

        /** What is there, at most a batch. */
        private void tell() throws InterruptedException {
            List<TimelineEntry> entries = new ArrayList<>();
            long upTo;
            int events = 0;
            do {
                Fact fact = ViewProcessor.fact(stream.nextAvailable());
                Timeline.of(fact).ifPresent(entries::add);
                upTo = fact.index();
            } while (++events < BATCH_EVENTS && stream.hasNextAvailable(0, TimeUnit.MILLISECONDS));
            if (open) {
                listener.told(entries, upTo);
            }
        }

        /** Returns at once; the thread ends by itself. */
        @Override
        public void close() {
            open = false;
        }
    }
}
