package io.athanor.local.process;

/** The POSIX signals the launcher sends; the names are those of {@code kill -s}. */
public enum ProcessSignal {
    /** Asks to end. */
    TERM,
    /** Asks to end now; PostgreSQL's fast shutdown. */
    INT,
    /** Ends at once, without clean-up. */
    KILL,
    /** Freezes. */
    STOP,
    /** Thaws. */
    CONT
}
