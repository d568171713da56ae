package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.protocol.Accountability.Credits;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;

/**
 * What an agreement promises beside its tier, and what a broken promise gives back. Fixed when the task is assigned:
 * parameters that change later never reach a lease that stands. Durations in ms.
 *
 * @param parameters the version of the parameters that these terms were taken from
 * @param finishMillis from the latest agreed start: what the cap pays for, at most the maximum duration
 * @param startFreeMillis run time that is free where the task started too late
 * @param finishBps of the bill, given back where it ended too late
 */
public record Promise(int parameters, long finishMillis, long startFreeMillis, long finishBps) {
    /** Of the rules that judge a lease with a promise; leases of version 1 had none. */
    public static final int FORMULA_VERSION = 2;

    /** The agreement for a task at a price, by the parameters in force. */
    public static Lease.Agreement agreement(JobSpec spec, Ath price, ParametersActivated inForce) {
        Credits credits = inForce.parameters().accountable().credits();
        Promise promise = new Promise(
                inForce.version(),
                Billing.paidUntilMillis(spec, price),
                credits.startFreeMillis(),
                credits.finishBps());
        return new Lease.Agreement(
                inForce.parameters().sla().tierPpm(),
                inForce.parameters().market().startTtlMillis(),
                FORMULA_VERSION,
                promise);
    }
}
