/** Which GPUs are well, and which lease has them. */
@NullMarked
package io.athanor.agent.gpu;

import org.jspecify.annotations.NullMarked;
