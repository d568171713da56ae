package io.athanor.domain.port;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.view.WithdrawalView;

/** Withdrawals on their way to the vault, kept by the chain projector. */
public interface Payouts {
    /** Zeros and no claim for an account that never asked for a withdrawal. */
    WithdrawalView of(Wallet wallet);
}
