/** The agent's side of the protocol: signed requests, the sync loop, logs and files. */
@NullMarked
package io.athanor.agent.server;

import org.jspecify.annotations.NullMarked;
