/** A job's output on its way to the network: a bounded ring on disk. */
@NullMarked
package io.athanor.agent.logs;

import org.jspecify.annotations.NullMarked;
