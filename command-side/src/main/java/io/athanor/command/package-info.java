/** The command side: orders in, events out, over Axon and PostgreSQL. */
@NullMarked
package io.athanor.command;

import org.jspecify.annotations.NullMarked;
