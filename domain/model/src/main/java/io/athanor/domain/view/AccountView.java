package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;

/** An account's balances in wei; {@code vesting} is what of {@code earned} is not available yet. */
public record AccountView(
        Wallet wallet,
        Ath available,
        Ath held,
        Ath vesting,
        Ath deposited,
        Ath earned,
        Ath spent,
        Ath withdrawn,
        long asOf) {}
