/** The stake pool stream: bonded ATH of a provider or a checker. */
@NullMarked
package io.athanor.domain.stake;

import org.jspecify.annotations.NullMarked;
