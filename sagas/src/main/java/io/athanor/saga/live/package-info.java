/** What is not yet over, folded by the domain's own rules, in memory and in tables. */
@NullMarked
package io.athanor.saga.live;

import org.jspecify.annotations.NullMarked;
