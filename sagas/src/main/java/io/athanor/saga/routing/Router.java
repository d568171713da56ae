package io.athanor.saga.routing;

/**
 * Looks at one instance as the live set knows it and says what to send and when to look again.
 *
 * <p>Invariant: stateless over restarts. What follows is a function of the live set and the time, so looking twice,
 * late, or after a crash gives the same orders, and {@code decide} makes a repeat harmless.
 */
@FunctionalInterface
public interface Router {
    void look(Instance instance, Plan plan);
}
