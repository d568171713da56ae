/** The read side: projections by one tracking processor, answers, rebuild, dead letters, telemetry, logs and blobs. */
@NullMarked
package io.athanor.query;

import org.jspecify.annotations.NullMarked;
