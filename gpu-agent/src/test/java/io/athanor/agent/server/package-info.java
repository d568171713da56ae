/** Tests of the agent's side of the protocol. */
@NullMarked
package io.athanor.agent.server;

import org.jspecify.annotations.NullMarked;
