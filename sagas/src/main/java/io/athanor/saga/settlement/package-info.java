/** An epoch's books: frozen, computed, credited, batched, closed. */
@NullMarked
package io.athanor.saga.settlement;

import org.jspecify.annotations.NullMarked;
