package io.athanor.agent.server;

import io.athanor.agent.lease.LeaseJournal;
import io.athanor.agent.run.Backoff;
import io.athanor.agent.spool.SpoolFull;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.OpenSession;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import io.athanor.domain.wire.AgentProtocol.Reported;
import io.athanor.domain.wire.AgentProtocol.SessionOpened;
import io.athanor.domain.wire.AgentProtocol.Sync;
import io.athanor.domain.wire.AgentProtocol.Synced;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one conversation with the server: opens a session, then long-polls. A report that is written while a poll waits ends
 * that poll and goes out at once. Whatever is not acknowledged is sent again; orders are done in sequence, once, and
 * acknowledged by number with the next poll. Without any answer for the lease's time to live, the containers are stopped.
 */
public final class SyncLoop {
    private static final Logger LOG = LoggerFactory.getLogger(SyncLoop.class);

    /** The server answers a poll after 30 s at the latest. */
    private static final Duration LONGEST_POLL = Duration.ofSeconds(40);

    /** How long a poll that carries reports may still be answered when newer ones wait. */
    private static final Duration REPORT_GRACE = Duration.ofMillis(200);

    /** The least time between two polls that carry reports: what a busy machine has to say in it travels together. */
    private static final Duration REPORT_PACE = Duration.ofMillis(20);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final SignedHttp http;
    private final ServerClock clock;
    private final LeaseJournal journal;
    private final Agent agent;
    private final Backoff backoff = new Backoff();
    private long session;
    private Duration leaseTtl = Duration.ofHours(2);
    private long reportNanos = System.nanoTime() - REPORT_PACE.toNanos();
    private long contactNanos = System.nanoTime();
    private boolean expired;
    private volatile long turnNanos = System.nanoTime();

    /** What the loop needs of the agent. */
    public interface Agent {
        OpenSession session();

        Heartbeat heartbeat();

        /** Does an order; repeating it changes nothing. */
        void order(AgentOrder order);

        /** The server has every report up to this number. */
        void acknowledged(long seq);

        /** Called before every poll, for what the owner changed on the machine. */
        void beforePoll() throws InterruptedException;

        /** No word from the server for the time that leases live without it. */
        void expired();
    }

    /** Another agent with this machine's key has opened a newer session. */
    public static final class SessionLost extends Exception {
        private static final long serialVersionUID = 1;

        SessionLost(ServerRefusal refusal) {
            super(refusal);
        }
    }

    public SyncLoop(SignedHttp http, ServerClock clock, LeaseJournal journal, Agent agent) {
        this.http = http;
        this.clock = clock;
        this.journal = journal;
        this.agent = agent;
    }

    /** Runs until it is interrupted. */
    public void run() throws InterruptedException, SessionLost {
        while (true) {
            turnNanos = System.nanoTime();
            try {
                if (session == 0) {
                    open();
                }
                agent.beforePoll();
                sync();
                backoff.reset();
            } catch (ServerRefusal refusal) {
                refused(refusal);
            } catch (IOException away) {
                LOG.warn("the server does not answer: {}", Trouble.text(away));
                backoff.pause();
            } catch (SpoolFull | UncheckedIOException unwritten) {
                LOG.error("orders wait until the data folder takes them: {}", because(unwritten));
                backoff.pause();
            }
            expireLeases();
        }
    }

    /** How long the turn that is under way has taken. */
    public Duration sinceLastTurn() {
        return Duration.ofNanos(System.nanoTime() - turnNanos);
    }

    private static String because(RuntimeException unwritten) {
        Throwable cause = unwritten.getCause();
        return cause == null
                ? String.valueOf(unwritten.getMessage())
                : unwritten.getMessage() + ": " + cause.getMessage();
    }

    private void open() throws IOException, InterruptedException {
        SessionOpened opened = http.post("/agent/v1/session", agent.session(), SessionOpened.class);
        heard(opened.serverTime());
        session = opened.session();
        leaseTtl = Duration.ofMillis(opened.leaseTtlMillis());
        agent.acknowledged(opened.ackAgentSeq());
        LOG.info("session {} is open", session);
    }

    private void sync() throws IOException, InterruptedException {
        keepPace();
        CompletableFuture<Void> news = journal.nextReport();
        List<Reported> reports = journal.pending(Limits.SYNC_EVENTS);
        if (!reports.isEmpty()) {
            reportNanos = System.nanoTime();
        }
        Sync request = new Sync(session, journal.ordersDone(), agent.heartbeat(), reports);
        Synced answer = await(http.postAsync("/agent/v1/sync", request, Synced.class), news, !reports.isEmpty());
        if (answer != null) {
            take(answer);
        }
    }

    /** The first report after a pause goes at once. */
    private void keepPace() throws InterruptedException {
        long left = reportNanos + REPORT_PACE.toNanos() - System.nanoTime();
        if (left > 0 && !journal.pending(1).isEmpty()) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    /** The answer, or null when the poll was given up for a report that came meanwhile. */
    private static @Nullable Synced await(
            SignedHttp.Call<Synced> call, CompletableFuture<Void> news, boolean carriesReports)
            throws IOException, InterruptedException {
        CompletableFuture<Synced> answer = call.answer();
        try {
            CompletableFuture.anyOf(answer, news).get(LONGEST_POLL.toMillis(), TimeUnit.MILLISECONDS);
            if (!answer.isDone() && carriesReports) {
                return answer.get(REPORT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
            return answer.isDone() ? answer.get() : null;
        } catch (TimeoutException over) {
            return null;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException cause
                    ? SignedHttp.explained(cause)
                    : new IOException(failed.getCause());
        } finally {
            call.end();
        }
    }

    private void take(Synced answer) throws InterruptedException, IOException {
        heard(answer.serverTime());
        agent.acknowledged(answer.ackAgentSeq());
        List<Ordered> orders = answer.orders().stream()
                .sorted(Comparator.comparingLong(Ordered::seq))
                .filter(ordered -> ordered.seq() > journal.ordersDone())
                .toList();
        for (Ordered ordered : orders) {
            perform(ordered);
            journal.ordersDone(ordered.seq());
        }
        if (answer.retryAfterMillis() > 0) {
            Thread.sleep(Math.min(answer.retryAfterMillis(), LONGEST_PAUSE.toMillis()));
        }
    }

    /** An order that makes no sense is left aside, or the agent would never come to the ones behind it. */
    private void perform(Ordered ordered) {
        try {
            agent.order(ordered.order());
        } catch (SpoolFull | UncheckedIOException unwritten) {
            throw unwritten;
        } catch (RuntimeException malformed) {
            LOG.error("order {} cannot be done and is left aside: {}", ordered, malformed.toString());
        }
    }

    private void heard(@Nullable Instant serverTime) throws IOException {
        if (serverTime == null) {
            throw new IOException("the server's answer is malformed: it has no time");
        }
        clock.heard(serverTime);
        contactNanos = System.nanoTime();
        expired = false;
    }

    private void refused(ServerRefusal refusal) throws SessionLost, InterruptedException {
        contactNanos = System.nanoTime();
        if (refusal.is(Reason.STALE_SESSION)) {
            throw new SessionLost(refusal);
        }
        LOG.warn("the server refuses: {}", refusal.getMessage());
        backoff.pause();
    }

    private void expireLeases() {
        if (!expired && System.nanoTime() - contactNanos > leaseTtl.toNanos()) {
            LOG.error("no word from the server for {}: all containers are stopped", leaseTtl);
            expired = true;
            agent.expired();
        }
    }
}
