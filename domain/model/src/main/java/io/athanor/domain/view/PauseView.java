package io.athanor.domain.view;

import io.athanor.domain.common.Wallet;
import java.time.Instant;

/**
 * A time in which nothing new begins and nothing is withdrawn.
 *
 * @param index of its event
 * @param until when it ends by itself
 */
public record PauseView(long index, Wallet guardian, String why, Instant at, Instant until) {}
