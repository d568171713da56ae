/** The GraphQL door: the same queries and commands, with limits. */
@NullMarked
package io.athanor.api.graphql;

import org.jspecify.annotations.NullMarked;
