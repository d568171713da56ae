/** The engines under the network on one machine: PostgreSQL, an EVM node, a container engine, an image registry. */
@NullMarked
package io.athanor.local.engine;

import org.jspecify.annotations.NullMarked;
