/** Between the event log and the chain: deposits and epoch blocks in, settlement batches out, each exactly once. */
@NullMarked
package io.athanor.chain;

import org.jspecify.annotations.NullMarked;
