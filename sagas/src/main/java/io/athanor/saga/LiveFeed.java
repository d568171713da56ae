package io.athanor.saga;

import io.athanor.domain.common.Event;
import io.athanor.saga.live.LiveSet;
import java.util.concurrent.TimeUnit;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.ConcludesBatch;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/** The durable feed of the live set: the tracking processor {@code saga-live}, one segment, in order, never skipping. */
final class LiveFeed implements ConfigurerModule {
    private static final String NAME = "saga-live";
    private static final int BATCH_EVENTS = 2_000;
    /** How soon another node notices that nobody holds the processor any more. */
    private static final long CLAIM_LOOK_MILLIS = 500;

    private final LiveSet live;
    private volatile @Nullable Configuration axon;

    LiveFeed(LiveSet live) {
        this.live = live;
    }

    /** Whether this node holds the processor, and so runs the routers: of all nodes one. */
    boolean holds() {
        Configuration started = axon;
        return started != null
                && started.eventProcessingConfiguration()
                        .eventProcessor(NAME, TrackingEventProcessor.class)
                        .filter(processor -> !processor.processingStatus().isEmpty())
                        .isPresent();
    }

    @Override
    public void configureModule(Configurer configurer) {
        configurer.onInitialize(configuration -> axon = configuration);
        configurer.eventProcessing(processing -> processing
                .registerTrackingEventProcessor(
                        NAME,
                        configuration -> configuration.eventStore(),
                        configuration -> TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                                .andBatchSize(BATCH_EVENTS)
                                .andTokenClaimInterval(CLAIM_LOOK_MILLIS, TimeUnit.MILLISECONDS))
                .assignHandlerInstancesMatching(NAME, handler -> handler instanceof Handler)
                .registerListenerInvocationErrorHandler(NAME, configuration -> PropagatingErrorHandler.instance())
                .registerEventHandler(configuration -> new Handler(live)));
    }

    /** Axon's view of the live set. */
    public static final class Handler {
        private static final String BEGUN = Handler.class.getName() + ".begun";

        private final LiveSet live;

        Handler(LiveSet live) {
            this.live = live;
        }

        private Boolean begin() {
            live.begin();
            return true;
        }

        @EventHandler
        public void on(Event event, TrackingToken token, @ConcludesBatch boolean last) {
            CurrentUnitOfWork.get().root().getOrComputeResource(BEGUN, key -> begin());
            live.deliver(token.position().orElseThrow(), event);
            if (last) {
                LiveSet.Written written = live.write();
                CurrentUnitOfWork.get().onRollback(undone -> live.notWritten(written));
            }
        }
    }
}
