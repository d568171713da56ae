package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.placement.PlacementDecision;

/**
 * What a job would meet now.
 *
 * @param decision the scheduler's funnel for one task, as if placed now
 * @param maxHold the most that can be held, in wei
 * @param expectedCost at the best candidate's price for the maximum duration, in wei; zero where none fits
 */
public record EstimateView(PlacementDecision decision, Ath maxHold, Ath expectedCost) {}
