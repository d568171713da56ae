/** Messages between the control plane, agents and checkers, as JSON over HTTP. */
@NullMarked
package io.athanor.domain.wire;

import org.jspecify.annotations.NullMarked;
