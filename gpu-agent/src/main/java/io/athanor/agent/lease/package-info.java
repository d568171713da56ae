/** A lease's life on this machine, written to the spool before each side effect. */
@NullMarked
package io.athanor.agent.lease;

import org.jspecify.annotations.NullMarked;
