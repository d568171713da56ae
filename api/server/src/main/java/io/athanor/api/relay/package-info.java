/** Byte streams between a job's client and its running container, relayed here so that machines need no open port. */
@NullMarked
package io.athanor.api.relay;

import org.jspecify.annotations.NullMarked;
