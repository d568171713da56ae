/** Histories and a small Axon set-up on a real PostgreSQL, for the tests of the read side. */
@NullMarked
package io.athanor.query.testing;

import org.jspecify.annotations.NullMarked;
