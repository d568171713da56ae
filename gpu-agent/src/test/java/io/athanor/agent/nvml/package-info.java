/** Tests of the GPU sources against a stand-in library with the real binary interface. */
@NullMarked
package io.athanor.agent.nvml;

import org.jspecify.annotations.NullMarked;
