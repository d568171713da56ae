/** Tests of the fold of one batch. */
@NullMarked
package io.athanor.query.table;

import org.jspecify.annotations.NullMarked;
