/** Live changes of jobs: one listener a node, a bounded queue a reader, REST and GraphQL as its two doors. */
@NullMarked
package io.athanor.api.live;

import org.jspecify.annotations.NullMarked;
