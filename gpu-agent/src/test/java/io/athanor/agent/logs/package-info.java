/** Tests of the log ring. */
@NullMarked
package io.athanor.agent.logs;

import org.jspecify.annotations.NullMarked;
