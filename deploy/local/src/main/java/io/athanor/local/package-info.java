/** The network on one machine: its engines, the supervisor of its processes, and what the {@code athanor} script calls. */
@NullMarked
package io.athanor.local;

import org.jspecify.annotations.NullMarked;
