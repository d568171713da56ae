package io.athanor.domain.common;

/** A fact that happened to one stream, in the past tense. Each stream has a sealed family of them. */
public interface Event {
    StreamId stream();
}
