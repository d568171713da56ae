/** What GPUs this machine has and how they feel: NVIDIA's management library, or a declared simulation. */
@NullMarked
package io.athanor.agent.nvml;

import org.jspecify.annotations.NullMarked;
