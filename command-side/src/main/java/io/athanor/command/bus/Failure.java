package io.athanor.command.bus;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.axonframework.modelling.command.ConcurrencyException;

/** What a failure means to the sender of an order, and whether another attempt may succeed. */
enum Failure {
    /** Somebody else was quicker, or two transactions waited for each other. */
    CONFLICT(true, Reason.CONFLICT),
    /** The database does not answer; whether the commit happened is unknown, and the repeat finds out. */
    DATABASE_GONE(true, Reason.UNAVAILABLE),
    /** A fault of ours, or of the data. */
    BROKEN(false, Reason.UNAVAILABLE);

    /** Duplicate key, serialization failure, deadlock, lock not available. */
    private static final Set<String> CONFLICTS = Set.of("23505", "40001", "40P01", "55P03");

    /** Classes of connection exceptions and of an operator's intervention, such as a shutdown. */
    private static final Set<String> CONNECTION_CLASSES = Set.of("08", "57");

    /** The server ended a session that stood still inside a transaction. */
    private static final String IDLE_TOO_LONG = "25P03";

    private final boolean retryable;
    private final Reason reason;

    Failure(boolean retryable, Reason reason) {
        this.retryable = retryable;
        this.reason = reason;
    }

    static Failure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConcurrencyException) {
                return CONFLICT;
            }
            if (cause instanceof SQLTransientConnectionException) {
                return DATABASE_GONE;
            }
            if (cause instanceof SQLException e && e.getSQLState() != null) {
                return ofState(e.getSQLState());
            }
        }
        return BROKEN;
    }

    private static Failure ofState(String state) {
        if (CONFLICTS.contains(state)) {
            return CONFLICT;
        }
        boolean gone = state.equals(IDLE_TOO_LONG)
                || state.length() == 5 && CONNECTION_CLASSES.contains(state.substring(0, 2));
        return gone ? DATABASE_GONE : BROKEN;
    }

    boolean retryable() {
        return retryable;
    }

    /** What the sender is told once the attempts are used up. */
    Refused refusal() {
        return switch (this) {
            case CONFLICT -> new Refused(reason, "others kept changing the same streams");
            case DATABASE_GONE -> new Refused(reason, "the event store does not answer; nothing is known to be stored");
            case BROKEN -> new Refused(reason, "the order failed inside; the log has the cause");
        };
    }
}
