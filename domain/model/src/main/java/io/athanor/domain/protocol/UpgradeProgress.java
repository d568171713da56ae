package io.athanor.domain.protocol;

import org.jspecify.annotations.Nullable;

/**
 * How far the newest announced programs are.
 *
 * @param activationEpoch the first that may begin with them, or did
 * @param postponed how often too little was ready
 * @param why it was put off or called off last; null before
 */
public record UpgradeProgress(
        Stage stage,
        long activationEpoch,
        int postponed,
        @Nullable String why) {
    /** Whether they are in force. */
    public enum Stage {
        ANNOUNCED,
        ACTIVE,
        CANCELLED
    }
}
