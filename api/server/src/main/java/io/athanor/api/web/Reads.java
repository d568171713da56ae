package io.athanor.api.web;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.query.Queries.ListEpochs;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.Page;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.messaging.responsetypes.ResponseType;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Asks the read side. Nothing found and nobody to ask are different answers: NOT_FOUND (or an empty optional) and
 * UNAVAILABLE.
 */
@Component
public final class Reads {
    private static final Logger LOG = LoggerFactory.getLogger(Reads.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Views follow their events by a stride of a quarter of a second; beyond this they are in trouble. */
    private static final Duration CATCH_UP = Duration.ofSeconds(3);

    private static final int DEFAULT_ROWS = 20;

    private final QueryGateway queries;
    private final EventSource events;
    private final Duration catchUp;

    @Autowired
    public Reads(QueryGateway queries, EventSource events) {
        this(queries, events, CATCH_UP);
    }

    /** @param catchUp how long an answer waits for views that are behind */
    Reads(QueryGateway queries, EventSource events, Duration catchUp) {
        this.queries = queries;
        this.events = events;
        this.catchUp = catchUp;
    }

    /**
     * The view, or empty. What was accepted before the question, on any node, is found: "nothing there" is said only by views
     * that know every event of that moment. Error: {@link Refused} UNAVAILABLE where they do not come to know it.
     */
    public <T> Optional<T> find(Object query, Class<T> type) {
        ResponseType<Optional<T>> one = ResponseTypes.optionalInstanceOf(type);
        Optional<T> found = ask(query, one);
        if (found.isPresent()) {
            return found;
        }
        awaitViews(events.head());
        return ask(query, one);
    }

    private void awaitViews(long head) {
        long deadline = System.nanoTime() + catchUp.toNanos();
        for (long asOf = viewsAsOf(); asOf < head; asOf = viewsAsOf()) {
            Refused.unless(
                    System.nanoTime() < deadline,
                    Reason.UNAVAILABLE,
                    "the views know the events up to " + asOf + " of " + head);
            pause();
        }
    }

    /** Index of the newest event that the views know. */
    public long viewsAsOf() {
        return page(new ListEpochs(null, 1), EpochView.class).asOf();
    }

    /** The view. Error: {@link Refused} NOT_FOUND naming {@code what}. */
    public <T> T get(Object query, Class<T> type, String what) {
        return find(query, type).orElseThrow(() -> new Refused(Reason.NOT_FOUND, "no " + what));
    }

    /** An answer that always exists. */
    public <T> T one(Object query, Class<T> type) {
        return ask(query, ResponseTypes.instanceOf(type));
    }

    /** Part of a list; {@code item} only names the type for the compiler. */
    @SuppressWarnings("unchecked")
    public <T> Page<T> page(Object query, Class<T> item) {
        return (Page<T>) ask(query, new PageType());
    }

    /** How many rows were asked for. Error: {@link Refused} MALFORMED outside 1..{@code Limits.PAGE_ROWS}. */
    public static int rows(@Nullable Integer first) {
        int rows = first == null ? DEFAULT_ROWS : first;
        Refused.unless(
                rows >= 1 && rows <= Limits.PAGE_ROWS,
                Reason.MALFORMED,
                "first must lie in 1.." + Limits.PAGE_ROWS + ", is " + rows);
        return rows;
    }

    private <R> R ask(Object query, ResponseType<R> type) {
        try {
            return queries.query(query, type).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Refused refused = Problems.refusedIn(e);
            if (refused != null) {
                throw refused;
            }
            throw unavailable(query, e);
        } catch (TimeoutException e) {
            throw unavailable(query, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(query, e);
        }
    }

    private static Refused unavailable(Object query, Exception cause) {
        LOG.warn("the read side does not answer {}", query, cause);
        return new Refused(
                Reason.UNAVAILABLE,
                "the read side does not answer " + query.getClass().getSimpleName());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(Reason.UNAVAILABLE, "interrupted");
        }
    }
}
