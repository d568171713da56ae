/** How batches of events become rows: live, by rebuild, and from dead letters. */
@NullMarked
package io.athanor.query.fold;

import org.jspecify.annotations.NullMarked;
