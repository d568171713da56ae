package io.athanor.query.fold;

import java.util.SortedSet;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.beans.factory.ObjectProvider;

/** The views' processor and its token, for a rebuild. */
final class ViewTokens {
    private static final int SEGMENT = 0;

    private final ObjectProvider<Configuration> axon;
    private final String processor;

    ViewTokens(ObjectProvider<Configuration> axon, String processor) {
        this.axon = axon;
        this.processor = processor;
    }

    private EventProcessingConfiguration processing() {
        return axon.getObject().eventProcessingConfiguration();
    }

    private EventProcessor live() {
        return processing()
                .eventProcessor(processor, EventProcessor.class)
                .orElseThrow(() -> new IllegalStateException("no processor " + processor));
    }

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
    void set(long index, SortedSet<Long> gaps) {
        TokenStore tokens = processing().tokenStore(processor);
        TrackingToken token = token(index, gaps);
        if (tokens.fetchSegments(processor).length == 0) {
            tokens.initializeTokenSegments(processor, 1, token);
            return;
        }
        tokens.fetchToken(processor, SEGMENT);
        tokens.storeToken(token, processor, SEGMENT);
    }

    void release() {
        processing().tokenStore(processor).releaseClaim(processor, SEGMENT);
    }

    /** A token of the store's own kind; numbers that were skipped may belong to events that commit later. */
    private TrackingToken token(long index, SortedSet<Long> gaps) {
        StreamableMessageSource<?> store =
                (StreamableMessageSource<?>) axon.getObject().eventStore();
        return store.createHeadToken() instanceof GlobalSequenceTrackingToken
                ? new GlobalSequenceTrackingToken(index)
                : GapAwareTrackingToken.newInstance(index, gaps);
    }
}
