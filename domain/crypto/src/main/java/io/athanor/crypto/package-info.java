/** Keys and signatures over Bouncy Castle's lightweight API: wallets (secp256k1), devices (Ed25519), key files. */
@NullMarked
package io.athanor.crypto;

import org.jspecify.annotations.NullMarked;
