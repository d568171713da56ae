package io.athanor.contracts;

import io.athanor.contracts.wrapper.AthToken;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import java.math.BigInteger;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/** A key's ATH on chain: transfers, deposits, bonds and the funding of reserves. Each call waits until it is mined. */
public final class AthWallet {
    private final KeySender key;
    private final Deployment contracts;
    private final AthToken token;
    private final AthVault vault;

    public AthWallet(KeySender key, Deployment contracts) {
        this.key = key;
        this.contracts = contracts;
        this.token = Contracts.token(contracts.token(), key.web3j());
        this.vault = Contracts.vault(contracts.vault(), key.web3j());
    }

    /** ATH of this key outside the vault. */
    public Ath balance() {
        return new Ath(Calls.read(token.balanceOf(key.wallet().address())));
    }

    public TransactionReceipt transfer(Wallet to, Ath amount) {
        return key.send(
                contracts.token(), token.transfer(to.address(), amount.wei()).encodeFunctionCall());
    }

    /** Brings ATH into Athanor for an account; it is credited when the transfer is final. */
    public TransactionReceipt deposit(Wallet account, Ath amount) {
        allow(amount);
        return key.send(
                contracts.vault(),
                vault.deposit(account.address(), amount.wei()).encodeFunctionCall());
    }

    public TransactionReceipt bond(PoolId pool, Ath amount) {
        allow(amount);
        return key.send(
                contracts.vault(), vault.bond(pool.word().bytes(), amount.wei()).encodeFunctionCall());
    }

    /** @param bucket 1 for providers, 2 for Checkers */
    public TransactionReceipt fundReserve(int bucket, Ath amount) {
        allow(amount);
        return key.send(
                contracts.vault(),
                vault.fundReserve(BigInteger.valueOf(bucket), amount.wei()).encodeFunctionCall());
    }

    /** Exactly what is needed and no more, so that an open allowance never stays behind. */
    private void allow(Ath amount) {
        key.send(
                contracts.token(),
                token.approve(contracts.vault().address(), amount.wei()).encodeFunctionCall());
    }
}
