/** Rounds: drawing, opening, closing, and what follows from a verdict. */
@NullMarked
package io.athanor.saga.attestation;

import org.jspecify.annotations.NullMarked;
