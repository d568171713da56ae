package io.athanor.domain.view;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.provider.Suspension;
import java.time.Instant;
import java.util.List;

/**
 * A provider as it stands.
 *
 * @param suspensions of its machines, oldest first
 */
public record ProviderView(
        Wallet wallet,
        String name,
        String ownerGroup,
        String standing,
        int machines,
        List<Suspension> suspensions,
        Instant registeredAt,
        long asOf) {}
