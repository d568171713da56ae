/** What is kept outside of events and views: blobs, logs and telemetry. */
@NullMarked
package io.athanor.query.store;

import org.jspecify.annotations.NullMarked;
