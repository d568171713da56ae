/** The whole network with real processes, and the project's own shape. */
@NullMarked
package io.athanor.e2e;

import org.jspecify.annotations.NullMarked;
