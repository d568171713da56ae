/** The catalogue of signed commands: one record each, the same for REST and GraphQL. */
@NullMarked
package io.athanor.api.command;

import org.jspecify.annotations.NullMarked;
