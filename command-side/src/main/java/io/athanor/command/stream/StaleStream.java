package io.athanor.command.stream;

import io.athanor.domain.common.StreamId;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/** Memory was behind the store, where another node has appended; the order is tried again on what is stored. */
final class StaleStream extends ConcurrencyException {
    private static final long serialVersionUID = 1L;

    StaleStream(StreamId stream, @Nullable Long known, long stored) {
        super(stream + " is at sequence " + stored + " in the store and at " + known + " in memory");
    }
}
