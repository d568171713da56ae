package io.athanor.domain.account;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;

/**
 * One task's part of a hold at settlement, in wei: {@code cost} leaves the account, {@code release} becomes
 * available again. Invariant: {@code cost + release} is the task's cap.
 */
public record HoldLine(TaskId task, Ath cost, Ath release) {}
