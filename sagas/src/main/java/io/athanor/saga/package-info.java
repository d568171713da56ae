/** Event in, command out: placement, liveness, attestation and settlement, wired for the node. */
@NullMarked
package io.athanor.saga;

import org.jspecify.annotations.NullMarked;
