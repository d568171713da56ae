/** Read models: a record is the row, the query's answer and the API's type. */
@NullMarked
package io.athanor.domain.view;

import org.jspecify.annotations.NullMarked;
