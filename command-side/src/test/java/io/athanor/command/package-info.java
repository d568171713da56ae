/** The command side against a real PostgreSQL. */
@NullMarked
package io.athanor.command;

import org.jspecify.annotations.NullMarked;
