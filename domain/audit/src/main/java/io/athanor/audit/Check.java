package io.athanor.audit;

import io.athanor.domain.common.Event;
import java.time.Duration;
import java.util.function.Consumer;

/** One family of recomputations: compares what an event says with what follows from the history before it. */
interface Check {
    /** What was ordered before something stopped it may be stored so much later. */
    Duration ON_ITS_WAY = Duration.ofSeconds(30);

    /**
     * @param before the world before the event
     * @param problem takes a sentence for each difference
     */
    void look(World before, Event event, Consumer<String> problem);
}
