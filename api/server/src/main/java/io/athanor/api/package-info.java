/** The public doors: REST, GraphQL, the agent protocol and the checker protocol. */
@NullMarked
package io.athanor.api;

import org.jspecify.annotations.NullMarked;
