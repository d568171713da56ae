package io.athanor.domain.port;

import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.view.WithdrawalView;
import io.athanor.domain.view.WithdrawalView.Claim;
import java.util.Optional;

/** Withdrawals on their way to the vault, kept by the chain projector. */
public interface Payouts {
    /** Zeros and no claim for an account that never asked for a withdrawal. */
    WithdrawalView of(Wallet wallet);

    /**
     * Whether this network sends the account's claims and pays for it, from now on. It can only ever pay the account, so
     * this is no order to the account and leaves nothing in the history.
     */
    void relay(Wallet wallet, boolean relayed);

    /**
     * What anybody may give to the vault's {@code releaseBond(number, index, pool, cumulative, proof)}; empty while the
     * newest root holds nothing of the pool.
     */
    Optional<Claim> release(PoolId pool);
}
