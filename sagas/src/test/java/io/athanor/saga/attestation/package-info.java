/** Tests of the package. */
@NullMarked
package io.athanor.saga.attestation;

import org.jspecify.annotations.NullMarked;
