/** Tests of the doors over real HTTP, with in-memory ports that decide by the domain's own states. */
@NullMarked
package io.athanor.apitest;

import org.jspecify.annotations.NullMarked;
