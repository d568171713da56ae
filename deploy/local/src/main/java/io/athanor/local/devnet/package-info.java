/** A development network's people: its wallets, their money, stake and registrations, and the sample job's image. */
@NullMarked
package io.athanor.local.devnet;

import org.jspecify.annotations.NullMarked;
