/** Unit tests of the package's own rules. */
@NullMarked
package io.athanor.api.auth;

import org.jspecify.annotations.NullMarked;
