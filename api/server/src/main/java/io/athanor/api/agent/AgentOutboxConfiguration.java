package io.athanor.api.agent;

import io.athanor.domain.port.CommittedEvents;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers {@link AgentOutbox} with Axon, and ahead of it with what this node commits. */
@Configuration(proxyBeanMethods = false)
class AgentOutboxConfiguration {
    private static final int BATCH_EVENTS = 2_000;

    @Bean
    ConfigurerModule agentOutboxModule(AgentOutbox outbox) {
        return configurer -> configurer.eventProcessing(processing -> {
            processing.registerEventHandler(configuration -> outbox);
            processing.registerTrackingEventProcessor(
                    AgentOutbox.PROCESSOR,
                    org.axonframework.config.Configuration::eventStore,
                    configuration -> TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                            .andBatchSize(BATCH_EVENTS));
        });
    }

    @Bean(destroyMethod = "close")
    AutoCloseable agentOutboxFeed(CommittedEvents committed, AgentOutbox outbox) {
        return committed.subscribe(outbox::committed);
    }
}
