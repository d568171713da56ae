package io.athanor.domain.view;

import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.canary.Undelivered;
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
 * @param undelivered runs that count against their machines' completion; null until it is opened, and where none can
 * @param reruns clients' deliveries that ran again, in the order of the draw; null as well
 * @param irreproducible images of which three owners' machines gave three results for one order; null as well
 */
public record CanaryView(
        long epoch,
        Sha256 commitment,
        Instant committedAt,
        @Nullable CanaryPlan plan,
        List<Ordered> orders,
        Ath paid,
        @Nullable List<Undelivered> undelivered,
        @Nullable List<Rerun> reruns,
        @Nullable List<Sha256> irreproducible,
        @Nullable Instant openedAt,
        long asOf) {}
