/** Tests of computing on GPUs, against a stand-in for the driver and, by {@code -Pgpu}, against the driver. */
@NullMarked
package io.athanor.agent.cuda;

import org.jspecify.annotations.NullMarked;
