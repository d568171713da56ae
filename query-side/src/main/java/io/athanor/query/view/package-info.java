/** The projections: what each event changes in which rows, and the rows. */
@NullMarked
package io.athanor.query.view;

import org.jspecify.annotations.NullMarked;
