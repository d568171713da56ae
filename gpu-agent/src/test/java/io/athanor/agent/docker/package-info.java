/** Tests of the container side against a real Docker Engine. */
@NullMarked
package io.athanor.agent.docker;

import org.jspecify.annotations.NullMarked;
