/** One lease from its order to its receipt: a driver over the stages that the journal keeps. */
@NullMarked
package io.athanor.agent.run;

import org.jspecify.annotations.NullMarked;
