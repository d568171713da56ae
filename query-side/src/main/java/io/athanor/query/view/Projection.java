package io.athanor.query.view;

import io.athanor.domain.common.Event;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.util.List;

/**
 * A pure fold of events into rows.
 *
 * <p>Invariant: the rows follow from the events alone (no clock, no other table), and events of different streams give
 * the same rows in any order, so that a stream held back by a dead letter can be taken up later.
 */
public interface Projection {
    /** Its name, under which dead letters are kept. */
    String name();

    /** All tables it writes, in the order of writing. */
    List<Table<?>> tables();

    /** @param type of an event */
    boolean concerns(Class<?> type);

    /** Declares the rows that {@link #apply} will read. */
    void declare(Event event, Keys keys);

    /** Changes the rows. Error: any {@link RuntimeException} makes the event a dead letter. */
    void apply(Fact fact, Rows rows);
}
