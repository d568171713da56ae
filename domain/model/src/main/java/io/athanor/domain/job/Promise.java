package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.protocol.Accountability.Credits;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import org.jspecify.annotations.Nullable;

/**
 * What an agreement promises beside its tier, what a broken promise gives back, and what stands behind it. Fixed when the task
 * is assigned: parameters and hardware that change later never reach a lease that stands. Durations in ms.
 *
 * @param parameters the version of the parameters that these terms were taken from; its schedule says what downtime costs
 * @param finishMillis from the latest agreed start: what the cap pays for, at most the maximum duration
 * @param startFreeMillis run time that is free where the task started too late
 * @param finishBps of the bill, given back where it ended too late
 * @param stake that is required for the leased GPUs, in wei, of which a penalty is a share; null in leases of version 2
 */
public record Promise(
        int parameters,
        long finishMillis,
        long startFreeMillis,
        long finishBps,
        @Nullable Ath stake) {
    /** Of the rules that judge a lease which names its stake; leases of version 1 had no promise, those of 2 no stake. */
    public static final int FORMULA_VERSION = 3;
    /** Of leases whose penalties follow the parameters in force when a case is opened. */
    public static final int WITHOUT_STAKE = 2;

    /** A promise of version 2: penalties follow the parameters in force when a case is opened. */
    public Promise(int parameters, long finishMillis, long startFreeMillis, long finishBps) {
        this(parameters, finishMillis, startFreeMillis, finishBps, null);
    }

    Promise withoutStake() {
        return new Promise(parameters, finishMillis, startFreeMillis, finishBps);
    }

    /**
     * The agreement for a task at a price, by the parameters in force.
     *
     * @param stake that is required for the GPUs
     */
    public static Lease.Agreement agreement(JobSpec spec, Ath price, ParametersActivated inForce, Ath stake) {
        Credits credits = inForce.parameters().accountable().credits();
        Promise promise = new Promise(
                inForce.version(),
                Billing.paidUntilMillis(spec, price),
                credits.startFreeMillis(),
                credits.finishBps(),
                stake);
        return new Lease.Agreement(
                inForce.parameters().sla().tierPpm(),
                inForce.parameters().market().startTtlMillis(),
                FORMULA_VERSION,
                promise);
    }
}
