package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.job.Lease;
import io.athanor.domain.placement.PlacementDecision;
import org.jspecify.annotations.Nullable;

/**
 * What a job would meet now.
 *
 * @param decision the scheduler's funnel for one task, as if placed now
 * @param maxHold the most that can be held, in wei
 * @param expectedCost at the best candidate's price for the maximum duration, in wei; zero where none fits
 * @param agreement what would be promised at the best candidate's price; null where none fits
 */
public record EstimateView(
        PlacementDecision decision, Ath maxHold, Ath expectedCost, Lease.@Nullable Agreement agreement) {}
