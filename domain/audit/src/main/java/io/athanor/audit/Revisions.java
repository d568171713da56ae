package io.athanor.audit;

import io.athanor.codec.EventCatalogue;
import io.athanor.domain.common.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells which events earlier programs wrote. Where a rule of an event became stricter its revision rose, and what has an
 * earlier revision is judged by the rule of its time ({@link EarlierRules}). No history goes back to an earlier one.
 */
final class Revisions {
    private final Map<String, Integer> newest = new HashMap<>();

    /** Whether the line has an earlier revision than this program writes. */
    boolean isEarlier(ExportLine line, Event event, Consumer<String> problem) {
        int known = EventCatalogue.revisionOf(event.getClass());
        if (line.revision() < 1 || line.revision() > known) {
            problem.accept("revision " + line.revision() + " of the event, where this program knows 1 to " + known);
        }
        int highest = newest.merge(line.name(), line.revision(), Math::max);
        if (line.revision() < highest) {
            problem.accept("revision " + line.revision() + " of the event comes after revision " + highest);
        }
        return line.revision() < known && line.revision() == highest;
    }
}
