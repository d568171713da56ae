package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import java.time.Instant;

/** A checker as it stands. Stake in wei. */
public record CheckerView(
        Wallet wallet,
        Wallet attester,
        String standing,
        String ownerGroup,
        String networkGroup,
        Region region,
        String endpoint,
        Ath stake,
        long roundsCorrect,
        long roundsWrong,
        Instant registeredAt,
        long asOf) {}
