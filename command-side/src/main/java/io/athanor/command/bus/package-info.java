/** The one writer of a node: orders in groups, each group one transaction. */
@NullMarked
package io.athanor.command.bus;

import org.jspecify.annotations.NullMarked;
