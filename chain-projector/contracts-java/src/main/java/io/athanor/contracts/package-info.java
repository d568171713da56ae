/**
 * Athanor's contracts for Java: the committed artifacts, typed wrappers for encoding and decoding, the deployment and
 * a key that moves ATH. Wrappers in {@code wrapper} are generated from the same artifacts by the build.
 */
@NullMarked
package io.athanor.contracts;

import org.jspecify.annotations.NullMarked;
