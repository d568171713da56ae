/** Values every stream shares: money, identities, refusals, limits. */
@NullMarked
package io.athanor.domain.common;

import org.jspecify.annotations.NullMarked;
