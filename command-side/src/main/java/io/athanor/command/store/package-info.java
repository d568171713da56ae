/** The event store on PostgreSQL: one append at a time, a tail in memory, wake-ups within and across nodes. */
@NullMarked
package io.athanor.command.store;

import org.jspecify.annotations.NullMarked;
