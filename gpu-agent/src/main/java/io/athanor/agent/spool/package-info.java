/** The agent's durable memory: an append-only file of checksummed frames. */
@NullMarked
package io.athanor.agent.spool;

import org.jspecify.annotations.NullMarked;
