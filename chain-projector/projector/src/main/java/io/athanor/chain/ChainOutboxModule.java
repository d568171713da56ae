package io.athanor.chain;

import io.athanor.domain.common.Event;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.ConcludesBatch;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/** Runs {@link ChainOutbox} as the tracking processor {@code chain-outbox}: one segment, in order, never skipping. */
final class ChainOutboxModule implements ConfigurerModule {
    private static final String NAME = "chain-outbox";
    private static final int BATCH_EVENTS = 2_000;

    private final ChainOutbox outbox;

    ChainOutboxModule(ChainOutbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void configureModule(Configurer configurer) {
        configurer.eventProcessing(processing -> processing
                .registerTrackingEventProcessor(
                        NAME,
                        configuration -> configuration.eventStore(),
                        configuration -> TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                                .andBatchSize(BATCH_EVENTS))
                .assignHandlerInstancesMatching(NAME, handler -> handler instanceof Handler)
                .registerListenerInvocationErrorHandler(NAME, configuration -> PropagatingErrorHandler.instance())
                .registerEventHandler(configuration -> new Handler(outbox)));
    }

    /** Axon's view of the outbox. */
    public static final class Handler {
        private static final String BEGUN = Handler.class.getName() + ".begun";

        private final ChainOutbox outbox;

        Handler(ChainOutbox outbox) {
            this.outbox = outbox;
        }

        private Boolean begin() {
            outbox.begin();
            return true;
        }

        @EventHandler
        public void on(Event event, TrackingToken token, @ConcludesBatch boolean last) {
            CurrentUnitOfWork.get().root().getOrComputeResource(BEGUN, key -> begin());
            outbox.on(event, token.position().orElse(0));
            if (last) {
                outbox.flush();
            }
        }
    }
}
