/** Questions to the read side and to the fleet index. */
@NullMarked
package io.athanor.domain.query;

import org.jspecify.annotations.NullMarked;
