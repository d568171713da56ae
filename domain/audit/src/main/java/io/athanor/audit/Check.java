package io.athanor.audit;

import io.athanor.domain.common.Event;
import java.util.function.Consumer;

/** One family of recomputations: compares what an event says with what follows from the history before it. */
interface Check {
    /**
     * @param before the world before the event
     * @param problem takes a sentence for each difference
     */
    void look(World before, Event event, Consumer<String> problem);
}
