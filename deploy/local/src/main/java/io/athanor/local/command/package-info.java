/** The subcommands of {@code ./athanor}, one class each. */
@NullMarked
package io.athanor.local.command;

import org.jspecify.annotations.NullMarked;
