/** The machine stream: hardware identity, certification, and that no GPU is reserved twice. */
@NullMarked
package io.athanor.domain.machine;

import org.jspecify.annotations.NullMarked;
