package io.athanor.domain.common;

import java.util.List;

/**
 * The pure state of one stream.
 *
 * <p>Invariant: {@code decide} knows this state and the command alone and changes nothing; {@code evolve} applies what was
 * decided, so that the fold of a stream's events is its state, everywhere and always. Source: Chassaing, "Functional
 * event sourcing: decider".
 *
 * @param <S> the state itself
 * @param <C> the stream's sealed commands
 * @param <E> its sealed events
 */
public interface State<S extends State<S, C, E>, C extends Command, E extends Event> {

    /** Decides. Error: {@link Refused}. A repeat gives no event, but where the family says so. */
    List<E> decide(C command);

    /** Applies a fact; never refuses. */
    S evolve(E event);

    /** Whether it takes no further command of a normal life, so that memory may forget it. */
    default boolean isOver() {
        return false;
    }
}
