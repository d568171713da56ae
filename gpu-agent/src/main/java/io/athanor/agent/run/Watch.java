package io.athanor.agent.run;

import io.athanor.agent.docker.EngineUnavailable;
import io.athanor.agent.lease.LeaseStage;
import io.athanor.agent.logs.LogRing;
import io.athanor.agent.outputs.OutputCollector;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits beside a running container for its exit, a wish to stop it, the end of its time, and too much output. */
final class Watch {
    /** How often the folder of a running job is measured, so that it cannot fill the owner's disk. */
    private static final Duration OUTPUT_LOOK = Duration.ofSeconds(2);

    private final RunContext context;
    private final LeaseFolder folder;
    private final CompletableFuture<Ending> wish;
    private final LogRing log;

    Watch(RunContext context, LeaseFolder folder, CompletableFuture<Ending> wish, LogRing log) {
        this.context = context;
        this.folder = folder;
        this.wish = wish;
        this.log = log;
    }

    /**
     * Null when the container ended by itself, else why it is to be stopped; {@link Ending#DEADLINE} also where only its paid
     * time is over.
     *
     * @param left until then, asked again and again, since more may be paid meanwhile
     */
    @Nullable Ending awaitExit(CompletableFuture<Void> exit, Supplier<Duration> left) throws InterruptedException, IOException {
        while (true) {
            Duration now = left.get();
            if (endsWithin(exit, now.compareTo(OUTPUT_LOOK) < 0 ? now : OUTPUT_LOOK)) {
                return exit.isDone() ? null : wish.join();
            }
            if (!left.get().isPositive()) {
                return Ending.DEADLINE;
            }
            if (OutputCollector.bytesIn(folder.out())
                    > context.settings().outputs().bytes()) {
                log.note("OUTPUT_LIMIT: it has written more to /out than is kept");
                return Ending.OUTPUT_LIMIT;
            }
        }
    }

    private boolean endsWithin(CompletableFuture<Void> exit, Duration wait) throws InterruptedException {
        try {
            CompletableFuture.anyOf(exit, wish).get(Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException over) {
            return false;
        } catch (ExecutionException broken) {
            throw EngineUnavailable.because(broken);
        }
    }

    /** The shorter of the job's longest run and the run that is paid for. */
    static Duration timeLeft(Start order, LeaseStage.Running running) {
        long limit = Math.min(order.spec().maxDurationMillis(), order.paidUntilMillis());
        long left = limit - running.mark().elapsed().toMillis();
        return Duration.ofMillis(Math.max(0, left));
    }

    /** Whether more run time could be paid for, and the lease has not waited for that too long already. */
    static boolean mayBePaid(Start order, LeaseStage.Running running, Duration most) {
        return order.paidUntilMillis() < order.spec().maxDurationMillis()
                && running.paused().compareTo(most) < 0;
    }
}
