/** The parts of the event store that need no database. */
@NullMarked
package io.athanor.command.store;

import org.jspecify.annotations.NullMarked;
