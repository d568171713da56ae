/** Tests of blobs, logs and telemetry. */
@NullMarked
package io.athanor.query.store;

import org.jspecify.annotations.NullMarked;
