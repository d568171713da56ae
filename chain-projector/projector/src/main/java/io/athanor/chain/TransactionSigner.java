package io.athanor.chain;

import io.athanor.chain.MessageTables.Attempt;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import java.math.BigInteger;
import java.time.Instant;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/** Signs the submitter's transactions. */
final class TransactionSigner {
    /** Three times what the largest message, a set of 21 signers, was measured to use. */
    private static final BigInteger GAS_LIMIT = BigInteger.valueOf(2_000_000);

    private final long chainId;
    private final Wallet wallet;
    private final Credentials key;

    TransactionSigner(long chainId, Secp256k1.KeyPair key) {
        this.chainId = chainId;
        this.wallet = Wallet.parse(key.address());
        this.key = Credentials.create(Numeric.toHexStringNoPrefix(key.privateKey()));
    }

    Wallet wallet() {
        return wallet;
    }

    /** @param attempt its number among the message's transactions, which differ in their fees alone */
    Attempt sign(int attempt, long nonce, Wallet to, String call, Fees fees, Instant now) {
        RawTransaction transaction = RawTransaction.createTransaction(
                chainId,
                BigInteger.valueOf(nonce),
                GAS_LIMIT,
                to.address(),
                BigInteger.ZERO,
                call,
                fees.tip(),
                fees.most());
        byte[] raw = TransactionEncoder.signMessage(transaction, chainId, key);
        return new Attempt(attempt, nonce, Hex.encode(raw), Hash32.keccak(raw).hex(), fees, now);
    }
}
