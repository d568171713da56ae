/** Tests of the lease journal. */
@NullMarked
package io.athanor.agent.lease;

import org.jspecify.annotations.NullMarked;
