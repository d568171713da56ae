/** The EIP-712 types of the commands that wallets, sessions keys and attesters sign. */
@NullMarked
package io.athanor.domain.signing;

import org.jspecify.annotations.NullMarked;
