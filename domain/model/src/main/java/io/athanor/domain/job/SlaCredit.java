package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client gets back of a bill because the lease's {@link Promise} was not kept, in wei.
 *
 * <p>Invariant: the credits of a bill never pass it. A deadline is missed where the network's clock and the machine's signed
 * one both say so: the network's own silence, in which it hears of nothing, costs no provider anything.
 */
public record SlaCredit(Why why, Ath amount) {
    private static final int BPS = 10_000;

    /** The promise that was not kept. */
    public enum Why {
        /** It started after the start deadline: the first part of its run is free. */
        START_LATE,
        /** It ended after the finish deadline: a share of what is left of the bill is given back. */
        FINISH_LATE
    }

    /** The credits due, none where the lease promised nothing or everything was kept. */
    static List<SlaCredit> of(Job.Ended ended, Lease lease, Receipt receipt, long billableMillis, Ath bill) {
        Promise promise = lease.agreement().promise();
        List<SlaCredit> credits = new ArrayList<>();
        if (promise == null) {
            return credits;
        }
        Ath left = bill;
        Instant startedAt = ended.startedAt();
        if (startedAt != null && bothAfter(lease.startBy(), startedAt, receipt.startedAt())) {
            long free = Math.min(billableMillis, promise.startFreeMillis());
            Ath back = Billing.cost(free, lease.price(), lease.gpus().size()).min(left);
            left = left.minus(back);
            add(credits, Why.START_LATE, back);
        }
        Instant finishBy = lease.startBy().plusMillis(promise.finishMillis());
        if (!isToppedUp(ended, lease, promise) && bothAfter(finishBy, ended.endedAt(), receipt.endedAt())) {
            // What stays is floored, so that rounding is the client's.
            add(credits, Why.FINISH_LATE, left.minus(left.bps(BPS - promise.finishBps())));
        }
        return credits;
    }

    /** Then it may have waited for its client's money, and nobody promised when it would be done. */
    private static boolean isToppedUp(Job.Ended ended, Lease lease, Promise promise) {
        return Billing.paidUntilMillis(ended.order().spec(), lease.price()) > promise.finishMillis();
    }

    private static boolean bothAfter(Instant deadline, Instant network, Instant machine) {
        return network.isAfter(deadline) && machine.isAfter(deadline);
    }

    private static void add(List<SlaCredit> credits, Why why, Ath amount) {
        if (!amount.isZero()) {
            credits.add(new SlaCredit(why, amount));
        }
    }
}
