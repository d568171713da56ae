package io.athanor.command.stream;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.State;
import io.athanor.domain.common.StreamId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * The Axon aggregate of one stream: it holds the domain's pure state and forwards to its {@code decide} and
 * {@code evolve}.
 *
 * <p>Invariant: only stored or staged events change {@code state}; decisions are tried on a {@link Draft} first.
 *
 * @param <C> the stream's sealed commands
 * @param <E> its sealed events
 * @param <S> its pure state
 */
public abstract class Shell<C extends Command, E extends Event, S extends State<S, C, E>> {
    @AggregateIdentifier
    @SuppressWarnings("UnusedVariable") // Axon reads it
    private @Nullable String stream;

    private S state;

    /** The states that the last draft reached, so that applying its events does not compute them again. */
    private final transient Deque<Foreseen<E, S>> foreseen = new ArrayDeque<>();

    private record Foreseen<E, S>(E event, S state) {}

    /** For Axon, which sets the rest by events or from a snapshot. */
    protected Shell(S empty) {
        this.state = empty;
    }

    /** A stream that has no events yet. */
    final Shell<C, E, S> named(StreamId id) {
        stream = id.toString();
        return this;
    }

    @EventSourcingHandler
    @SuppressWarnings("ReferenceEquality") // the very event that was drafted, and no deep comparison
    final void on(Event event) {
        stream = event.stream().toString();
        Foreseen<E, S> next = foreseen.poll();
        if (next != null && next.event() == event) {
            state = next.state();
        } else {
            foreseen.clear();
            state = state.evolve(ofFamily(event));
        }
    }

    final boolean isOver() {
        return state.isOver();
    }

    /** A decision on the side, from the current state; what an earlier one foresaw is void. */
    final Draft<C, E, S> draft() {
        foreseen.clear();
        return new Draft<>(this, state);
    }

    /** The stream's type names the one family, so a command or event of it cannot be of another. */
    @SuppressWarnings("unchecked")
    private E ofFamily(Event event) {
        return (E) event;
    }

    /** A state that runs ahead of its aggregate while an order is decided. */
    static final class Draft<C extends Command, E extends Event, S extends State<S, C, E>> {
        private final Shell<C, E, S> shell;
        private S ahead;

        private Draft(Shell<C, E, S> shell, S state) {
            this.shell = shell;
            this.ahead = state;
        }

        /** Decides on top of what was decided before. Error: {@link io.athanor.domain.common.Refused}. */
        @SuppressWarnings("unchecked") // as in ofFamily
        List<E> decide(Command command) {
            List<E> events = ahead.decide((C) command);
            for (E event : events) {
                ahead = ahead.evolve(event);
                shell.foreseen.add(new Foreseen<>(event, ahead));
            }
            return events;
        }
    }
}
