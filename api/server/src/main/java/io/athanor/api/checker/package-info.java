/** The checker protocol: duties, introductions, commitments, reveals, approvals. */
@NullMarked
package io.athanor.api.checker;

import org.jspecify.annotations.NullMarked;
