package io.athanor.domain.governance;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;

/**
 * What a wallet weighs through one pool, in wei of voting power.
 *
 * @param own its stake there, weighted by its lock
 * @param represented an operator's delegators together, who may each vote themselves instead; zero for everybody else
 */
public record PowerLine(PoolId pool, Ath own, Ath represented) {}
