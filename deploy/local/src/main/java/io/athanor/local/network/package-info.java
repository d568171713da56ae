/** The whole network on one machine: its folder, its ports, its processes in order, and their supervisor. */
@NullMarked
package io.athanor.local.network;

import org.jspecify.annotations.NullMarked;
