package io.athanor.domain.view;

import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Sha256;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mystery shopper's plan of one epoch, as far as it is known.
 *
 * @param commitment the plan's digest
 * @param plan null until it is opened
 * @param paid back, in wei
 */
public record CanaryView(
        long epoch,
        Sha256 commitment,
        Instant committedAt,
        @Nullable CanaryPlan plan,
        List<Ordered> orders,
        Ath paid,
        @Nullable Instant openedAt,
        long asOf) {}
