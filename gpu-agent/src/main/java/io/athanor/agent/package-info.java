/** The gpu-agent: runs leased containers on a provider's machine, pulling its work from the network. */
@NullMarked
package io.athanor.agent;

import org.jspecify.annotations.NullMarked;
