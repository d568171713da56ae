package io.athanor.domain.epoch;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobSpec;

/**
 * Why the contract refuted a match, as it names its findings.
 *
 * <p>Invariant: anybody may show the contract an order that names a job's id, so a finding that rests on an order holds
 * only where the order in the history bears it too.
 */
public enum Mismatch {
    /** The price is above the most that the client signed. */
    PRICE_ABOVE_ORDER,
    /** The order has fewer tasks. */
    TASK_NOT_ORDERED,
    /** Match and agreement of one lease name different providers or prices: no order is needed to see it. */
    TERMS_DIFFER;

    /** Whether the order that is in force bears the finding. {@code price} per GPU-second in wei. */
    public boolean bornBy(JobSpec order, TaskId task, Ath price) {
        return switch (this) {
            case PRICE_ABOVE_ORDER -> !order.maxPrice().covers(price);
            case TASK_NOT_ORDERED -> task.index() >= order.tasks();
            case TERMS_DIFFER -> true;
        };
    }
}
