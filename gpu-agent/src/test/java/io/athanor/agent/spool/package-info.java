/** Tests of the spool. */
@NullMarked
package io.athanor.agent.spool;

import org.jspecify.annotations.NullMarked;
