package io.athanor.command;

import io.athanor.command.bus.GroupCommandBus;
import io.athanor.command.store.CatalogueSerializer;
import io.athanor.command.store.NotifyingEventStore;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.modelling.saga.repository.jdbc.JdbcSagaStore;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.axonframework.updates.UpdateChecker;

/**
 * Refuses to start where Axon would use another piece than the one it was given. Its defaults keep everything in
 * memory and no transaction, and they take over without a word.
 */
final class InfrastructureAssertions {
    private InfrastructureAssertions() {}

    /** Error: {@link IllegalStateException}, naming the piece. */
    static void require(Configuration axon) {
        same("event store", NotifyingEventStore.class, axon.eventStore());
        same("command bus", GroupCommandBus.class, axon.commandBus());
        same("event serializer", CatalogueSerializer.class, axon.eventSerializer());
        same("serializer", CatalogueSerializer.class, axon.serializer());
        same(
                "transaction manager",
                SpringTransactionManager.class,
                axon.getComponent(org.axonframework.common.transaction.TransactionManager.class));
        same(
                "token store",
                JdbcTokenStore.class,
                axon.eventProcessingConfiguration().tokenStore("any"));
        same("token store component", JdbcTokenStore.class, axon.getComponent(TokenStore.class));
        same(
                "saga store",
                JdbcSagaStore.class,
                axon.eventProcessingConfiguration().sagaStore());
        same("saga store component", JdbcSagaStore.class, axon.getComponent(SagaStore.class));
        if (axon.getComponent(UpdateChecker.class, () -> null) != null) {
            throw new IllegalStateException("Axon's update checker is on");
        }
    }

    private static void same(String piece, Class<?> wanted, Object given) {
        if (given == null || !wanted.equals(given.getClass())) {
            throw new IllegalStateException("Axon's " + piece + " must be " + wanted.getName() + ", is "
                    + (given == null ? "missing" : given.getClass().getName()));
        }
    }
}
