/** Tests of the whole agent against a scripted control plane and a real Docker Engine. */
@NullMarked
package io.athanor.agent;

import org.jspecify.annotations.NullMarked;
