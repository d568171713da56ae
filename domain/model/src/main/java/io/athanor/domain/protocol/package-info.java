/** The protocol stream: the parameters in force, versioned. */
@NullMarked
package io.athanor.domain.protocol;

import org.jspecify.annotations.NullMarked;
