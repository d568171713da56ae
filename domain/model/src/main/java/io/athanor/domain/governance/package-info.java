/** Proposals and votes: what may be proposed, whose power counts, what passes and when it takes effect. */
@NullMarked
package io.athanor.domain.governance;

import org.jspecify.annotations.NullMarked;
