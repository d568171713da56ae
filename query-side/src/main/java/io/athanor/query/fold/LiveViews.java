package io.athanor.query.fold;

import java.util.Objects;
import java.util.SortedSet;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * The views' tracking processor: how it is set up, and its token for a rebuild.
 *
 * <p>Invariant: one segment and one thread, so that events are folded in their order.
 */
public final class LiveViews implements ConfigurerModule {
    private static final int BATCH_EVENTS = 2_000;
    private static final int SEGMENT = 0;

    private final String processor;
    private final ViewProcessor handler;
    private volatile @Nullable Configuration axon;

    public LiveViews(String processor, ViewProcessor handler) {
        this.processor = processor;
        this.handler = handler;
    }

    @Override
    public void configureModule(Configurer configurer) {
        configurer.onInitialize(configuration -> axon = configuration);
        configurer
                .eventProcessing()
                .registerEventHandler(configuration -> handler)
                .assignHandlerInstancesMatching(processor, candidate -> candidate == handler)
                .registerListenerInvocationErrorHandler(processor, configuration -> PropagatingErrorHandler.instance())
                .registerTrackingEventProcessor(processor, LiveViews::store, configuration -> settings());
    }

    @SuppressWarnings("unchecked") // an event store streams tracked event messages
    private static StreamableMessageSource<TrackedEventMessage<?>> store(Configuration configuration) {
        return (StreamableMessageSource<TrackedEventMessage<?>>)
                (StreamableMessageSource<?>) configuration.eventStore();
    }

    private static TrackingEventProcessorConfiguration settings() {
        return TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                .andBatchSize(BATCH_EVENTS)
                .andInitialTrackingToken(StreamableMessageSource::createTailToken);
    }

    private Configuration axon() {
        return Objects.requireNonNull(axon, "Axon has not started");
    }

    private EventProcessingConfiguration processing() {
        return axon().eventProcessingConfiguration();
    }

    private EventProcessor live() {
        return processing()
                .eventProcessor(processor, EventProcessor.class)
                .orElseThrow(() -> new IllegalStateException("no processor " + processor));
    }

    /** Ends the processor's work and its claim. */
    void stop() {
        live().shutDown();
    }

    void start() {
        live().start();
    }

    TransactionManager transactions() {
        return processing().transactionManager(processor);
    }

    /** Sets the token in the current transaction. Error: Axon's claim exception where another node runs the views. */
    void setToken(long index, SortedSet<Long> gaps) {
        TokenStore tokens = processing().tokenStore(processor);
        TrackingToken token = token(index, gaps);
        if (tokens.fetchSegments(processor).length == 0) {
            tokens.initializeTokenSegments(processor, 1, token);
            return;
        }
        tokens.fetchToken(processor, SEGMENT);
        tokens.storeToken(token, processor, SEGMENT);
    }

    void releaseToken() {
        processing().tokenStore(processor).releaseClaim(processor, SEGMENT);
    }

    /** A token of the store's own kind; numbers that were skipped may belong to events that commit later. */
    private TrackingToken token(long index, SortedSet<Long> gaps) {
        return store(axon()).createHeadToken() instanceof GlobalSequenceTrackingToken
                ? new GlobalSequenceTrackingToken(index)
                : GapAwareTrackingToken.newInstance(index, gaps);
    }
}
