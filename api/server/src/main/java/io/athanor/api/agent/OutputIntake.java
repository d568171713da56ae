package io.athanor.api.agent;

import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.api.files.FileLimits;
import io.athanor.api.files.Intake;
import io.athanor.api.files.Intake.Body;
import io.athanor.api.files.Intake.Ledger;
import io.athanor.api.files.Intake.Sender;
import io.athanor.api.files.Intake.Share;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore.Use;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes what leases left: each so much in all, until its task is settled. */
@Component
final class OutputIntake {
    private final Leases leases;
    private final Intake intake;
    private final FileLimits limits;
    private final JdbcClient sql;
    private final InstantSource clock;

    OutputIntake(Leases leases, Intake intake, FileLimits limits, JdbcClient sql, InstantSource clock) {
        this.leases = leases;
        this.intake = intake;
        this.limits = limits;
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * The size. Error: {@link Refused} NOT_ALLOWED or UNAVAILABLE without such a lease, LIMIT_REACHED, TOO_LARGE, MALFORMED.
     *
     * @param named the lease that left the file; null from agents that do not say it: then the one with the most room
     */
    long take(@Nullable LeaseId named, MachineId machine, Sha256 digest, HttpServletRequest request)
            throws IOException {
        LeaseId lease = named == null
                ? roomiest(machine)
                : leases.require(named, machine).lease();
        Share share = new Share(
                new Sender(Use.OUTPUT, lease.toString()),
                limits.outputBytes(),
                Limits.BLOB_BYTES,
                "athanor.files.output-bytes",
                "Leave less: pack the outputs, or split the job; the operator can raise the limit.");
        return intake.take(share, new Outputs(lease, digest), digest, Body.of(request));
    }

    private LeaseId roomiest(MachineId machine) {
        return leases.notSettledOn(machine).stream()
                .map(LeaseRow::lease)
                .min(Comparator.comparingLong(lease -> bytes(lease, "")))
                .orElseThrow(() -> leases.none(machine));
    }

    private long bytes(LeaseId lease, String except) {
        return sql.sql("SELECT coalesce(sum(bytes), 0) FROM api.output WHERE lease = ? AND digest <> ?")
                .params(lease.toString(), except)
                .query(Long.class)
                .single();
    }

    /** What one lease left. */
    private final class Outputs implements Ledger {
        private final LeaseId lease;
        private final Sha256 digest;

        Outputs(LeaseId lease, Sha256 digest) {
            this.lease = lease;
            this.digest = digest;
        }

        @Override
        public long othersBytes() {
            return bytes(lease, digest.value());
        }

        @Override
        public void stored(long bytes) {
            sql.sql("INSERT INTO api.output (lease, digest, bytes, at) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (lease, digest) DO UPDATE SET at = excluded.at")
                    .params(lease.toString(), digest.value(), bytes, Timestamp.from(clock.instant()))
                    .update();
        }
    }
}
