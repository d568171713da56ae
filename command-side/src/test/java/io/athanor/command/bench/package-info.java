/** How fast orders become events, beside the same PostgreSQL's own commits. */
@NullMarked
package io.athanor.command.bench;

import org.jspecify.annotations.NullMarked;
