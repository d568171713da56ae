/** Unit tests of the package's own rules. */
@NullMarked
package io.athanor.api.rest;

import org.jspecify.annotations.NullMarked;
