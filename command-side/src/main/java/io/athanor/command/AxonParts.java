package io.athanor.command;

import org.axonframework.commandhandling.CommandBus;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.saga.ResourceInjector;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.serialization.Serializer;

/** The pieces that Axon is given, instead of its defaults. */
record AxonParts(
        TransactionManager transactions,
        Serializer serializer,
        EventStore store,
        CommandBus commandBus,
        QueryBus queryBus,
        QueryGateway queryGateway,
        TokenStore tokens,
        SagaStore<Object> sagas,
        ResourceInjector resources) {
    /** A configurer without modules from the class path, one of which would call home for updates. */
    Configurer configurer() {
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                .configureTransactionManager(c -> transactions)
                .configureSerializer(c -> serializer)
                .configureEventSerializer(c -> serializer)
                .configureMessageSerializer(c -> serializer)
                .configureEventStore(c -> store)
                .configureCommandBus(c -> commandBus)
                .configureQueryBus(c -> queryBus)
                .configureResourceInjector(c -> resources)
                .registerComponent(QueryGateway.class, c -> queryGateway)
                .registerComponent(TokenStore.class, c -> tokens)
                .registerComponent(SagaStore.class, c -> sagas);
        configurer.eventProcessing().registerTokenStore(c -> tokens).registerSagaStore(c -> sagas);
        return configurer;
    }
}
