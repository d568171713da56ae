/** The answers to the questions in {@link io.athanor.domain.query.Queries}, from the views' tables. */
@NullMarked
package io.athanor.query.answer;

import org.jspecify.annotations.NullMarked;
