package io.athanor.api.retention;

import io.athanor.api.web.Reads;
import io.athanor.codec.Json;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.port.BlobStore;
import io.athanor.domain.port.Sweep;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Forgets files that were stored last before the time they are kept: uploads, outputs and evidence. With the file goes
 * the right to fetch it.
 *
 * <p>Invariant: inputs and outputs of a job with an unsettled task stay, however old.
 */
@Component
final class FileSweep implements Sweep {
    private static final String SETTING = "athanor.retention.files";
    private static final Duration KEPT = Duration.ofDays(90);
    /** Evidence is asked for in appeals, and outputs by the round after the job's end. */
    private static final Duration LEAST = Duration.ofDays(7);

    private final JdbcClient sql;
    private final Reads reads;
    private final BlobStore blobs;
    private final Duration kept;

    FileSweep(JdbcClient sql, Reads reads, BlobStore blobs, Environment environment) {
        this.sql = sql;
        this.reads = reads;
        this.blobs = blobs;
        this.kept = environment.getProperty(SETTING, Duration.class, KEPT);
        if (kept.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(SETTING + " is " + kept + ", and must be " + LEAST + " at least");
        }
    }

    @Override
    public String what() {
        return "files";
    }

    private record OpenJob(String job, String spec) {}

    @Override
    public long run(Instant now) {
        Instant before = now.minus(kept);
        Set<Sha256> needed = ofOpenJobs();
        String[] digests = needed.stream().map(Sha256::value).toArray(String[]::new);
        sql.sql("DELETE FROM api.upload WHERE at < ? AND digest <> ALL (?)")
                .params(Timestamp.from(before), digests)
                .update();
        sql.sql("DELETE FROM api.output WHERE at < ?")
                .param(Timestamp.from(before))
                .update();
        sql.sql("DELETE FROM api.evidence WHERE at < ?")
                .param(Timestamp.from(before))
                .update();
        try {
            return blobs.forget(before, needed::contains);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<Sha256> ofOpenJobs() {
        Set<Sha256> needed = new HashSet<>();
        for (OpenJob open : sql.sql("SELECT job::text AS job, spec::text AS spec FROM api.job")
                .query(OpenJob.class)
                .list()) {
            Json.read(open.spec(), JobSpec.class).inputs().values().forEach(input -> needed.add(input.digest()));
            List<TaskView> tasks = reads.find(new FindJob(JobId.parse(open.job())), JobView.class)
                    .map(JobView::tasks)
                    .orElse(List.of());
            tasks.stream()
                    .map(TaskView::receipt)
                    .filter(Objects::nonNull)
                    .map(Receipt::outputs)
                    .forEach(outputs -> outputs.forEach(output -> needed.add(output.sha256())));
        }
        return needed;
    }
}
