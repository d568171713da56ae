package io.athanor.cli;

import io.athanor.domain.common.JobId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hears of a job's changes as they come, over the node's server-sent events, so that whoever waits looks when there is
 * something to see. A broken connection is made again behind the last change; where the node gives none, that is said
 * once, and every wait is news: the job is then asked for again and again.
 */
final class JobEvents implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final long AGAIN_MILLIS = 1_000;
    private static final long GATHER_MILLIS = 100;
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(15);

    private final Session session;
    private final JobId job;
    private final Thread reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long heard;
    private long lookedAt = System.nanoTime();
    private boolean isLive = true;
    private volatile boolean open = true;
    private volatile @Nullable InputStream stream;

    private JobEvents(Session session, JobId job) {
        this.session = session;
        this.job = job;
        this.reader = Thread.ofVirtual().name("job-events").unstarted(this::read);
    }

    /** Listens from now on; only the job's client is told. */
    static JobEvents of(Session session, JobId job) {
        JobEvents events = new JobEvents(session, job);
        events.reader.start();
        return events;
    }

    /** Index of the newest change that was heard, 0 before the first. */
    long heard() {
        lock.lock();
        try {
            return heard;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits so long at most; whether it is time to look: something came above the index, nothing is told at all, or the
     * last look was long ago, since a connection may be dead without anybody saying so.
     */
    boolean awaitBeyond(long index, long millis) throws IOException {
        boolean news = heardBeyond(index, millis);
        if (!news && System.nanoTime() - lookedAt < LOOK_ANYWAY.toNanos()) {
            return false;
        }
        // What changes together is looked at together, and the views are a moment behind.
        Session.pause(GATHER_MILLIS);
        lookedAt = System.nanoTime();
        return true;
    }

    private boolean heardBeyond(long index, long millis) throws IOException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (left > 0 && (heard <= index || !isLive)) {
                left = changed.awaitNanos(left);
            }
            return heard > index || !isLive;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        int failures = 0;
        while (open) {
            long before = heard();
            String why = "the node ends the stream";
            try {
                if (follow()) {
                    return;
                }
            } catch (Failure refused) {
                giveUp(refused.getMessage());
                return;
            } catch (IOException | UncheckedIOException e) {
                why = e.toString();
            }
            failures = heard() > before ? 0 : failures + 1;
            if (open && failures == ATTEMPTS) {
                giveUp(why);
                return;
            }
            pause();
        }
    }

    /** Whether the job's last change was told. */
    private boolean follow() throws IOException {
        try (Server own = session.anotherSignedIn();
                InputStream in = own.stream("/v1/jobs/" + job + "/events?after=" + heard());
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            stream = in;
            boolean over = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    hear(Long.parseLong(line.substring("id: ".length())));
                }
                over |= line.equals("event: end");
            }
            return over;
        }
    }

    private void hear(long index) {
        lock.lock();
        try {
            heard = Math.max(heard, index);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void giveUp(@Nullable String why) {
        lock.lock();
        try {
            isLive = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        String words = String.valueOf(why).lines().findFirst().orElse("");
        session.say("no live changes (" + words + "); the job is asked for twice a second instead");
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            open = false;
        }
    }

    @Override
    public void close() {
        open = false;
        reader.interrupt();
        InputStream reading = stream;
        if (reading != null) {
            try {
                reading.close();
            } catch (IOException e) {
                session.say("the stream of changes does not close: " + e.getMessage());
            }
        }
    }
}
