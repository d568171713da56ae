package io.athanor.cli;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one task's log on from where it was read last; a task that moved goes on with its new lease's log. */
final class LogTail {
    private final Server signedIn;
    private final JobId job;
    private final int task;
    private final Consumer<String> text;
    private final Utf8Stream decoder = new Utf8Stream();
    private @Nullable LeaseId lease;
    private long next;
    /** The task is over and its log read. */
    private boolean drained;

    /**
     * @param offset the first byte to read
     * @param text takes what was read, in pieces that end between characters
     */
    LogTail(Server signedIn, JobId job, int task, long offset, Consumer<String> text) {
        this.signedIn = signedIn;
        this.job = job;
        this.task = task;
        this.next = offset;
        this.text = text;
    }

    /** Reads what there is; whether there was anything. */
    boolean read(TaskView now) throws IOException {
        LeaseId newest = now.lease();
        if (newest == null || drained) {
            return false;
        }
        if (lease != null && !newest.equals(lease)) {
            next = 0;
        }
        lease = newest;
        long from = next;
        while (true) {
            String path = "/v1/jobs/" + job + "/logs?task=" + task + "&lease=" + lease + "&offset=" + next;
            byte[] part = signedIn.part(path).body();
            if (part.length == 0) {
                drained = next == from && !JobLogs.LIVE.contains(now.state());
                return next > from;
            }
            next += part.length;
            text.accept(decoder.decode(part));
        }
    }

    /** The first byte that was not read yet. */
    long next() {
        return next;
    }
}
