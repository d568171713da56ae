package io.athanor.domain.view;

import io.athanor.domain.common.Wallet;
import java.time.Instant;

/** A provider as it stands. */
public record ProviderView(
        Wallet wallet,
        String name,
        String ownerGroup,
        String standing,
        int machines,
        Instant registeredAt,
        long asOf) {}
