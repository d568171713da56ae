package io.athanor.agent.run;

import io.athanor.agent.lease.LeaseStage;
import io.athanor.agent.logs.LogRing;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Waits beside a paused container until more of its time is paid for, it is to be stopped, or the wait is over. */
final class UnpaidPause {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Supplier<Start> order;
    private final CompletableFuture<Ending> wish;
    private final LogRing log;

    /** @param order as it is paid for now */
    UnpaidPause(Supplier<Start> order, CompletableFuture<Ending> wish, LogRing log) {
        this.order = order;
        this.wish = wish;
        this.log = log;
    }

    /**
     * What comes after it.
     *
     * @param most of all pauses of the lease together
     */
    LeaseStage await(LeaseStage.Paused paused, Duration most) throws InterruptedException {
        Duration left = most.minus(paused.run().paused());
        while (!wish.isDone() && !isPaid(paused) && paused.since().elapsed().compareTo(left) < 0) {
            Thread.sleep(LOOK);
        }
        if (wish.isDone()) {
            return new LeaseStage.Stopping(paused.resumed(), wish.join());
        }
        if (isPaid(paused)) {
            log.note("RESUMED: more is paid for");
            return paused.resumed();
        }
        log.note("DEADLINE: nobody paid for more");
        return new LeaseStage.Stopping(paused.resumed(), Ending.DEADLINE);
    }

    private boolean isPaid(LeaseStage.Paused paused) {
        return order.get().paidUntilMillis() > paused.ran().toMillis();
    }
}
