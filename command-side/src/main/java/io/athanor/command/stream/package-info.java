/** The shells around the domain's pure states, the coordinating handler of orders, and keys that exist once. */
@NullMarked
package io.athanor.command.stream;

import org.jspecify.annotations.NullMarked;
