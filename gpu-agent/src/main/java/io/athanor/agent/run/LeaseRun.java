package io.athanor.agent.run;

import io.athanor.agent.docker.EngineUnavailable;
import io.athanor.agent.docker.ExitVerdict;
import io.athanor.agent.docker.Observed;
import io.athanor.agent.docker.StartFailure;
import io.athanor.agent.lease.BootMark;
import io.athanor.agent.lease.LeaseJournal;
import io.athanor.agent.lease.LeaseStage;
import io.athanor.agent.logs.LogRing;
import io.athanor.agent.server.Trouble;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one lease from the stage that the journal holds to its end, on a thread of its own. A step that the engine or the
 * network interrupts is done again, and a step that an earlier agent began is continued: the journal and the container's
 * own state decide, never memory. Interrupting it leaves the container as it is, for the next agent to adopt.
 */
public final class LeaseRun implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseRun.class);
    private static final int PULL_ATTEMPTS = 3;

    private final RunContext context;
    private final LeaseJournal journal;
    private final LeaseId lease;
    private final LeaseFolder folder;
    private final CompletableFuture<Ending> wish = new CompletableFuture<>();
    private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    private final Backoff backoff = new Backoff();
    private final LeaseLog output;
    private int failedPulls;
    /** The container that this run made; nobody has started it while the folder has no mark of a start. */
    private @Nullable String made;
    /** What last kept a step from being done. */
    private String trouble = "";
    /** Nobody watched the container for a while: this agent is new, or the engine was away. */
    private boolean unwatched;
    /** The engine was away while the container may have run. */
    private boolean engineWasAway;

    public LeaseRun(RunContext context, LeaseId lease) {
        this.context = context;
        this.journal = context.journal();
        this.lease = lease;
        this.folder = LeaseFolder.of(context.settings().jobs(), lease);
        this.output = new LeaseLog(context, lease, folder);
    }

    /** Asks it to stop, for this reason; the first reason counts. */
    public void stop(Ending because) {
        wish.complete(because);
    }

    /** The server has the receipt. */
    public void acknowledged() {
        acknowledged.complete(null);
    }

    public LeaseId lease() {
        return lease;
    }

    @Override
    public void run() {
        try {
            adopt();
            boolean more = true;
            while (more) {
                more = tryStep();
            }
        } catch (InterruptedException stopping) {
            LOG.info("{} is left for the next agent", lease);
        } catch (IOException | RuntimeException broken) {
            LOG.error("{} cannot go on: {}", lease, broken.getMessage(), broken);
        } finally {
            output.close();
        }
    }

    private void adopt() throws IOException {
        LeaseStage stage = stage();
        unwatched = stage.live();
        if (!(stage instanceof LeaseStage.Accepted) || Files.exists(folder.root())) {
            output.open();
        }
    }

    private LeaseStage stage() {
        return entry().stage();
    }

    private LeaseJournal.Entry entry() {
        return journal.find(lease).orElseThrow(() -> new IllegalStateException(lease + " is not in the journal"));
    }

    private boolean tryStep() throws InterruptedException {
        LeaseJournal.Entry entry = entry();
        try {
            boolean more = step(entry);
            backoff.reset();
            return more;
        } catch (EngineUnavailable | IOException away) {
            trouble = "; " + Trouble.text(away);
            LOG.warn("{}{}", lease, trouble);
            engineWasAway |= away instanceof EngineUnavailable;
        } catch (RuntimeException unexpected) {
            LOG.error("{} in {}", lease, entry.stage().label(), unexpected);
        }
        unwatched = stage().live();
        backoff.pause();
        return true;
    }

    private boolean step(LeaseJournal.Entry entry) throws InterruptedException, IOException {
        Start order = entry.order();
        switch (entry.stage()) {
            case LeaseStage.Accepted _ -> accepted();
            case LeaseStage.Pulling _ -> pulling(order);
            case LeaseStage.Created created -> created(order, created);
            case LeaseStage.Running running -> running(order, running);
            case LeaseStage.Paused paused -> paused(order, paused);
            case LeaseStage.Stopping stopping -> stopping(order, stopping);
            case LeaseStage.Ended ended -> ended(ended);
            case LeaseStage.Reported reported -> {
                reported(reported);
                return false;
            }
        }
        return journal.find(lease).isPresent();
    }

    private void accepted() throws IOException {
        folder.create(context.settings().user());
        output.open();
        journal.move(lease, new LeaseStage.Pulling());
    }

    private void pulling(Start order) throws InterruptedException, IOException {
        if (givenUpBeforeStart(order)) {
            return;
        }
        try {
            String container = new Preparation(context, order, folder).create(wish);
            made = container;
            journal.move(lease, new LeaseStage.Created(container));
        } catch (CancellationException cancelled) {
            endWithoutRun(order, wish.join(), "stopped while its image was pulled");
        } catch (StartFailure failure) {
            startFailed(order, failure);
        }
    }

    private void startFailed(Start order, StartFailure failure) throws IOException {
        if (failure.failure().worthRetrying() && ++failedPulls < PULL_ATTEMPTS) {
            throw new IOException(failure.getMessage(), failure);
        }
        endWithoutRun(order, failure.failure().ending(), String.valueOf(failure.getMessage()));
    }

    /** A wish to stop, or a start that would come too late, ends a lease of which nothing ran. */
    private boolean givenUpBeforeStart(Start order) {
        if (wish.isDone()) {
            endWithoutRun(order, wish.join(), "stopped before its start");
            return true;
        }
        if (context.serverTime().instant().isAfter(order.startBy())) {
            endWithoutRun(order, Ending.START_DEADLINE, "not started by " + order.startBy() + trouble);
            return true;
        }
        return false;
    }

    private void created(Start order, LeaseStage.Created created) throws InterruptedException, IOException {
        if (created.container().equals(made) && !folder.startMarked()) {
            startInTime(order, created);
            return;
        }
        Optional<Observed> found = context.engine().find(lease);
        if (found.isEmpty()) {
            endWithoutRun(order, Ending.CONTAINER_LOST, "its container is gone from the engine");
        } else if (found.get().failedToStart()) {
            endWithoutRun(
                    order,
                    Ending.START_FAILED,
                    "the engine did not get it started: " + found.get().error());
        } else if (found.get().hasRun()) {
            adoptRunning(found.get());
        } else {
            startInTime(order, created);
        }
    }

    private void startInTime(Start order, LeaseStage.Created created) throws InterruptedException, IOException {
        if (!givenUpBeforeStart(order)) {
            start(order, created);
        }
    }

    /** An earlier attempt started it, and the word of that was lost. */
    private void adoptRunning(Observed found) {
        Instant startedAt = found.startedAt() == null ? Instant.now() : found.startedAt();
        Duration ran = Duration.between(startedAt, Instant.now());
        BootMark now = BootMark.now();
        BootMark mark = new BootMark(now.boot(), now.nanos() - Math.max(0, ran.toNanos()));
        unwatched = true;
        started(new LeaseStage.Running(found.id(), startedAt, mark));
    }

    private void start(Start order, LeaseStage.Created created) throws InterruptedException, IOException {
        try {
            output.attach(created.container());
            if (!folder.markStart()) {
                endWithoutRun(order, Ending.START_FAILED, "its start was broken off; whether it ran is unknown");
                return;
            }
            context.gpus().awaitTests(order.gpus());
            context.engine().start(created.container(), new Preparation(context, order, folder).plan());
            unwatched = false;
            started(new LeaseStage.Running(created.container(), Instant.now(), BootMark.now()));
        } catch (StartFailure failure) {
            endWithoutRun(order, failure.failure().ending(), String.valueOf(failure.getMessage()));
        }
    }

    private void started(LeaseStage.Running running) {
        journal.move(lease, _ -> running, new AgentReport.Started(lease, running.container(), running.startedAt()));
        LOG.info("{} runs as {}", lease, running.container());
    }

    private void running(Start order, LeaseStage.Running running) throws InterruptedException, IOException {
        if (!settledIfOver(order, running, running.mark().elapsed())) {
            watch(order, running);
        }
    }

    private boolean settledIfOver(Start order, LeaseStage.Running running, Duration ran)
            throws InterruptedException, IOException {
        Observed now = context.engine().find(lease).orElse(null);
        if (now == null || !running.mark().ofThisBoot()) {
            settle(order, running, Ending.CONTAINER_LOST, null, ran);
            return true;
        }
        if (now.status() == Observed.Status.EXITED) {
            settle(order, running, endingUnwatched(now), now, now.ran(ran));
            return true;
        }
        return false;
    }

    /** Its time does not pass while it waits; its GPUs stay its own. */
    private void paused(Start order, LeaseStage.Paused paused) throws InterruptedException, IOException {
        if (settledIfOver(order, paused.run(), paused.ran())) {
            return;
        }
        context.engine().pause(paused.run().container());
        Duration most = context.settings().unpaidPause();
        journal.move(lease, new UnpaidPause(() -> entry().order(), wish, log()).await(paused, most));
    }

    private void watch(Start order, LeaseStage.Running running) throws InterruptedException, IOException {
        String container = running.container();
        context.engine().unpause(container);
        if (!output.isAttached() || unwatched) {
            log().note("LOG_GAP bytes=unknown: nobody read the output for a while");
            output.attach(container);
        }
        unwatched = false;
        engineWasAway = false;
        CompletableFuture<Void> exit = context.engine().exit(container);
        Ending because =
                new Watch(context, folder, wish, log()).awaitExit(exit, () -> Watch.timeLeft(entry().order(), running));
        if (because == null) {
            Duration ran = running.mark().elapsed();
            Observed ended = context.engine().find(lease).orElse(null);
            settle(order, running, ended == null ? Ending.CONTAINER_LOST : naturalEnding(ended), ended, ran);
        } else if (because == Ending.DEADLINE
                && Watch.mayBePaid(entry().order(), running, context.settings().unpaidPause())) {
            log().note("PAUSED: what is paid for is over; it goes on when the job's cap is raised, within "
                    + context.settings().unpaidPause().toSeconds() + " s");
            journal.move(lease, new LeaseStage.Paused(running, BootMark.now()));
        } else {
            if (because == Ending.DEADLINE) {
                log().note("DEADLINE: its time is over");
            }
            LOG.info("{} is stopped: {}", lease, because);
            journal.move(lease, new LeaseStage.Stopping(running, because));
        }
    }

    private void stopping(Start order, LeaseStage.Stopping stopping) throws IOException, InterruptedException {
        LeaseStage.Running running = stopping.run();
        context.engine().stop(running.container(), context.settings().grace());
        Observed ended = context.engine().find(lease).orElse(null);
        if (ended != null && ended.status() == Observed.Status.RUNNING) {
            throw new IOException("its container is killed and has not ended yet");
        }
        settle(order, running, stopping.because(), ended, running.mark().elapsed());
    }

    private Ending naturalEnding(Observed ended) {
        Ending ending = ExitVerdict.of(ended);
        return ending == Ending.EXIT_CODE && context.gpus().applicationError(lease)
                ? Ending.GPU_APPLICATION_ERROR
                : ending;
    }

    /**
     * An engine without live-restore ends containers as it stops or starts again, also those that make the best of a TERM
     * and exit with 0. So an end that came while it was away is the engine's, and so is one that nobody watched and that
     * looks like a kill.
     */
    private Ending endingUnwatched(Observed ended) {
        Ending ending = naturalEnding(ended);
        boolean killed = unwatched
                && (ExitVerdict.isUnknown(ended)
                        || (ExitVerdict.looksKilled(ended) || engineWasAway)
                                && !context.engine().facts().liveRestore());
        return killed ? Ending.CONTAINER_LOST : ending;
    }

    private void settle(Start order, LeaseStage.Running running, Ending ending, @Nullable Observed ended, Duration ran)
            throws IOException, InterruptedException {
        output.awaitOutput();
        finish(new Receipts(context, folder).of(order, running, ending, ended, ran, log()));
    }

    private void endWithoutRun(Start order, Ending ending, String detail) {
        log().note(ending + ": " + detail);
        log().finish();
        LOG.info("{} did not run: {}: {}", lease, ending, detail);
        finish(new Receipts(context, folder).withoutRun(order, ending, log()));
    }

    private void finish(Receipt receipt) {
        journal.move(lease, new LeaseStage.Ended(receipt));
        context.gpus().release(lease);
        LOG.info("{} ended: {}", lease, receipt.ending());
    }

    private void ended(LeaseStage.Ended ended) throws InterruptedException, IOException {
        log().finish();
        Receipt receipt = ended.receipt();
        for (Receipt.Output file : receipt.outputs()) {
            context.blobs().store(lease, file, folder.out().resolve(file.path()));
        }
        journal.move(lease, seq -> new LeaseStage.Reported(receipt, seq), new AgentReport.Ended(lease, receipt));
    }

    private void reported(LeaseStage.Reported reported) throws InterruptedException {
        log().finish();
        if (journal.acknowledged() < reported.seq()) {
            awaitAcknowledgement();
        }
        if (!output.awaitShipped()) {
            LOG.warn("{}: the rest of its log was not taken in time", lease);
        }
        output.close();
        context.engine().remove(lease);
        folder.delete();
        journal.drop(lease);
    }

    private void awaitAcknowledgement() throws InterruptedException {
        try {
            acknowledged.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private LogRing log() {
        return output.ring();
    }
}
