/** Tests of the output collector. */
@NullMarked
package io.athanor.agent.outputs;

import org.jspecify.annotations.NullMarked;
