/** Computing on real GPUs, by NVIDIA's driver and nothing else: no container, no toolkit. */
@NullMarked
package io.athanor.agent.cuda;

import org.jspecify.annotations.NullMarked;
