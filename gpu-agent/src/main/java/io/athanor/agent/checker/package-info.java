/** The checker node: probes machines, judges deliveries, commits and reveals, and signs batches it has replayed. */
@NullMarked
package io.athanor.agent.checker;

import org.jspecify.annotations.NullMarked;
