/** Tests of the checker node. */
@NullMarked
package io.athanor.agent.checker;

import org.jspecify.annotations.NullMarked;
