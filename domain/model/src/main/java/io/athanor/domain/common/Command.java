package io.athanor.domain.common;

import java.time.Instant;

/**
 * An order to one stream, in the imperative. Each stream has a sealed family of them.
 *
 * <p>Invariant: {@link #at()} is stamped by the receiving node, never by the sender, and is the only clock that
 * {@code decide} sees.
 */
public interface Command {
    StreamId stream();

    Instant at();
}
