package io.athanor.query.fold;

import io.athanor.domain.common.Event;
import io.athanor.query.view.Fact;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The one event handler of all views: collects a batch's events and folds them when its unit of work prepares to
 * commit, in the transaction of the processor's token.
 *
 * <p>One processor for all projections: each batch is one transaction, and every view stands at the same event, so that
 * two answers of one moment never contradict each other.
 */
public final class ViewProcessor implements EventMessageHandler {
    private static final String FACTS = ViewProcessor.class.getName() + ".facts";

    private final DataSource dataSource;
    private final ViewWriter writer;

    public ViewProcessor(DataSource dataSource, ViewWriter writer) {
        this.dataSource = dataSource;
        this.writer = writer;
    }

    @Override
    public Object handle(EventMessage<?> message) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get().root();
        List<Fact> facts = unit.getOrComputeResource(FACTS, key -> begin(unit));
        facts.add(fact(message));
        return facts;
    }

    private List<Fact> begin(UnitOfWork<?> unit) {
        List<Fact> facts = new ArrayList<>();
        unit.onPrepareCommit(ready -> write(facts));
        return facts;
    }

    static Fact fact(EventMessage<?> message) {
        long index = index(message);
        Class<?> type = Event.class.isAssignableFrom(message.getPayloadType()) ? message.getPayloadType() : null;
        try {
            if (message.getPayload() instanceof Event event) {
                Object actor = message.getMetaData().get("actor");
                return Fact.of(index, event, actor == null ? null : actor.toString());
            }
            return Fact.unreadable(index, stream(message), type, "not in the catalogue: " + message.getPayloadType());
        } catch (RuntimeException e) {
            return Fact.unreadable(index, stream(message), type, e.toString());
        }
    }

    private static long index(EventMessage<?> message) {
        if (message instanceof TrackedEventMessage<?> tracked) {
            return tracked.trackingToken()
                    .position()
                    .orElseThrow(() -> new IllegalStateException("a token without a position: " + tracked));
        }
        throw new IllegalStateException("views are fed by a tracking processor only: " + message);
    }

    /** The stream's text is the aggregate's identifier. */
    private static String stream(EventMessage<?> message) {
        return message instanceof DomainEventMessage<?> domain
                ? domain.getAggregateIdentifier()
                : "event/" + message.getIdentifier();
    }

    private void write(List<Fact> facts) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("views need the transaction of their token");
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            writer.write(connection, facts);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write views", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
