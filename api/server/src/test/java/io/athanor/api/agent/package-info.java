/** Unit tests of the package's own rules. */
@NullMarked
package io.athanor.api.agent;

import org.jspecify.annotations.NullMarked;
