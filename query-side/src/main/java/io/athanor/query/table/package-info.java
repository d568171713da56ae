/** Records as SQL rows: one mapping for tables and answers, bulk writes, and the fold of one batch. */
@NullMarked
package io.athanor.query.table;

import org.jspecify.annotations.NullMarked;
