/** The attestation round stream: a committee's verdict by commit and reveal. */
@NullMarked
package io.athanor.domain.attestation;

import org.jspecify.annotations.NullMarked;
