/** The projector against a real EVM node and a real PostgreSQL. */
@NullMarked
package io.athanor.chain;

import org.jspecify.annotations.NullMarked;
