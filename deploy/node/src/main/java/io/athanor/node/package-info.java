/** The node: one process that wires command side, query side, sagas, chain projector and API together. */
@NullMarked
package io.athanor.node;

import org.jspecify.annotations.NullMarked;
