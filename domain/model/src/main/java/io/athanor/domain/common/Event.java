package io.athanor.domain.common;

import java.time.Instant;

/** A fact that happened to one stream, in the past tense. Each stream has a sealed family of them. */
public interface Event {
    StreamId stream();

    /** The command's time, stamped by the node that received it. */
    Instant at();
}
