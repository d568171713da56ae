package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;

/** An account's balances in wei. */
public record AccountView(
        Wallet wallet, Ath available, Ath held, Ath deposited, Ath earned, Ath spent, Ath withdrawn, long asOf) {}
