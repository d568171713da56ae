/** Mystery-shopper jobs: planned in secret, ordered like any other, opened afterwards. */
@NullMarked
package io.athanor.domain.canary;

import org.jspecify.annotations.NullMarked;
