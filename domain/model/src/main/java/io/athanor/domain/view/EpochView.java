package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An epoch as it stands: OPEN, COMPUTED or CLOSED. Amounts in wei. */
public record EpochView(
        long epoch,
        String state,
        Instant startsAt,
        Instant endsAt,
        long blockNumber,
        Hash32 blockHash,
        int eligible,
        Ath clientCost,
        Ath providerEmission,
        Ath checkerEmission,
        Ath protocolFee,
        @Nullable Hash32 rewardsRoot,
        @Nullable Instant closedAt,
        long asOf) {}
