/** What a job left in its output folder, checked and measured. */
@NullMarked
package io.athanor.agent.outputs;

import org.jspecify.annotations.NullMarked;
