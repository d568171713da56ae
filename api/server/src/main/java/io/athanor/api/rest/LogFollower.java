package io.athanor.api.rest;

import io.athanor.api.web.Reads;
import io.athanor.api.web.ServerSentEvents;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.port.LogStore;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows one task's log as server-sent events until the task is over and its log read.
 *
 * <p>Events: {@code log} {lease, offset, next, text}, {@code lease} {lease} when the task moved, {@code end} {state}.
 * The event's id is {@code <lease>@<next offset>}, so that {@code Last-Event-ID} goes on without a repeated byte. Text
 * is cut between characters; bytes that are no UTF-8 become U+FFFD.
 */
final class LogFollower {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MAX_UTF8_TAIL = 3;
    private static final long POLL_MILLIS = 200;
    private static final long STATE_EVERY_POLLS = 5;
    private static final long KEEP_ALIVE_EVERY_POLLS = 50;

    private final Reads reads;
    private final LogStore logs;
    private final TaskId task;

    LogFollower(Reads reads, LogStore logs, TaskId task) {
        this.reads = reads;
        this.logs = logs;
        this.task = task;
    }

    /** Where a reader stands; no lease before the first. */
    record Position(@Nullable LeaseId lease, long offset) {
        static Position parse(String id) {
            int at = id.lastIndexOf('@');
            try {
                return new Position(LeaseId.parse(id.substring(0, at)), Long.parseLong(id.substring(at + 1)));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new Refused(Reason.MALFORMED, "Last-Event-ID: not <lease>@<offset>");
            }
        }
    }

    private record Log(LeaseId lease, long offset, long next, String text) {}

    private record Moved(LeaseId lease) {}

    private record End(String state) {}

    void write(Position from, HttpServletResponse response) throws IOException {
        ServerSentEvents out = ServerSentEvents.begin(response);
        Position at = from;
        TaskView state = state();
        for (long poll = 0; !Thread.currentThread().isInterrupted(); poll++) {
            boolean over = !Tasks.isLive(state);
            Position next = drain(at, over, out);
            boolean idle = next.equals(at);
            at = moved(next, state, out);
            if (idle && over && at.equals(next)) {
                out.send("end", null, new End(state.state()));
                return;
            }
            if (idle) {
                pause(out, poll);
            }
            state = !idle || poll % STATE_EVERY_POLLS == 0 ? state() : state;
        }
    }

    private TaskView state() {
        JobView job = reads.get(new FindJob(task.job()), JobView.class, "job " + task.job());
        return Tasks.of(job, task.index());
    }

    /** Sends what there is; at the end of a live log an incomplete character waits for its rest. */
    private Position drain(Position from, boolean over, ServerSentEvents out) throws IOException {
        LeaseId lease = from.lease();
        if (lease == null) {
            return from;
        }
        byte[] chunk = logs.read(lease, from.offset(), CHUNK_BYTES);
        int whole = over && chunk.length < CHUNK_BYTES ? chunk.length : wholeCharacters(chunk);
        if (whole == 0) {
            return from;
        }
        long next = from.offset() + whole;
        String text = new String(chunk, 0, whole, StandardCharsets.UTF_8);
        out.send("log", lease + "@" + next, new Log(lease, from.offset(), next, text));
        return new Position(lease, next);
    }

    /** A task that moved goes on with its new lease's log. */
    private Position moved(Position at, TaskView state, ServerSentEvents out) throws IOException {
        LeaseId now = state.lease();
        LeaseId known = at.lease();
        boolean newer = now != null && (known == null || now.fence() > known.fence());
        if (now == null || !newer) {
            return at;
        }
        out.send("lease", now + "@0", new Moved(now));
        return new Position(now, 0);
    }

    /** The length without an incomplete UTF-8 sequence at the end. */
    static int wholeCharacters(byte[] bytes) {
        for (int back = 1; back <= Math.min(MAX_UTF8_TAIL, bytes.length); back++) {
            int lead = bytes[bytes.length - back] & 0xFF;
            if (lead < 0x80) {
                return bytes.length;
            }
            if (lead >= 0xC0) {
                int needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
                return needed > back ? bytes.length - back : bytes.length;
            }
        }
        return bytes.length;
    }

    /** Waits; now and then writes a comment, so that a reader that is gone is noticed. */
    private static void pause(ServerSentEvents out, long poll) throws IOException {
        if (poll % KEEP_ALIVE_EVERY_POLLS == KEEP_ALIVE_EVERY_POLLS - 1) {
            out.keepAlive();
        }
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
