/** Tests of the GPU desk. */
@NullMarked
package io.athanor.agent.gpu;

import org.jspecify.annotations.NullMarked;
