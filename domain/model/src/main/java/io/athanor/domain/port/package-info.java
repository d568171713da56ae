/** What one module needs of another and is not a query; wired in deploy only. */
@NullMarked
package io.athanor.domain.port;

import org.jspecify.annotations.NullMarked;
