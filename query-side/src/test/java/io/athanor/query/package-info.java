/** Tests of the read side as a whole. */
@NullMarked
package io.athanor.query;

import org.jspecify.annotations.NullMarked;
