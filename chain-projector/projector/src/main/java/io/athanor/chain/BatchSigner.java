package io.athanor.chain;

import io.athanor.chain.BatchTables.Attempt;
import io.athanor.chain.BatchTables.BatchRow;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.Web3j;
import org.web3j.utils.Numeric;

/** Encodes batches for the settlement log and signs their transactions with the submitter's key. */
final class BatchSigner {
    /** Ten times what a batch with 15 signatures was measured to use. */
    private static final BigInteger GAS_LIMIT = BigInteger.valueOf(2_000_000);

    private final Deployment contracts;
    private final SettlementLog log;
    private final Wallet wallet;
    private final Credentials key;

    BatchSigner(Deployment contracts, Web3j web3j, Secp256k1.KeyPair key) {
        this.contracts = contracts;
        this.log = Contracts.log(contracts.log(), web3j);
        this.wallet = Wallet.parse(key.address());
        this.key = Credentials.create(Numeric.toHexStringNoPrefix(key.privateKey()));
    }

    Wallet wallet() {
        return wallet;
    }

    /** @param signatures the quorum's, in ascending order of their signers */
    String call(BatchRow row, List<String> signatures) {
        SettlementLog.Batch batch = new SettlementLog.Batch(
                BigInteger.valueOf(row.seq()),
                row.batch().previous().bytes(),
                row.batch().root().bytes(),
                BigInteger.valueOf(row.batch().count()),
                row.batch().total().wei(),
                BigInteger.valueOf(row.epoch()),
                BigInteger.valueOf(row.setVersion()));
        return log.submit(batch, signatures.stream().map(Hex::decode).toList()).encodeFunctionCall();
    }

    Attempt sign(BatchRow row, int number, long nonce, String call, Fees fees, Instant now) {
        RawTransaction transaction = RawTransaction.createTransaction(
                contracts.chainId(),
                BigInteger.valueOf(nonce),
                GAS_LIMIT,
                contracts.log().address(),
                BigInteger.ZERO,
                call,
                fees.tip(),
                fees.most());
        byte[] raw = TransactionEncoder.signMessage(transaction, contracts.chainId(), key);
        return new Attempt(
                row.seq(), number, nonce, Hex.encode(raw), Hash32.keccak(raw).hex(), fees, now);
    }
}
