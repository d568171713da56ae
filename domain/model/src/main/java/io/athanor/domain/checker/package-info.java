/** The checker stream: the licence to attest. */
@NullMarked
package io.athanor.domain.checker;

import org.jspecify.annotations.NullMarked;
