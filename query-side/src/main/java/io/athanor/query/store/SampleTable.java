package io.athanor.query.store;

import io.athanor.domain.common.MachineId;
import io.athanor.query.table.Mapping;
import io.athanor.query.table.Table;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The partitioned table of samples, one partition a day. */
public final class SampleTable {
    private static final Table<Sample> TABLE =
            Table.inSchema("telemetry", "machine_sample", Sample.class, "machine", "at");
    private static final Mapping<Sample> SAMPLE = Mapping.of(Sample.class);

    private final Jdbi jdbi;

    public SampleTable(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A repeat of a sample changes nothing but the row itself. */
    void insert(List<Sample> samples) {
        jdbi.useTransaction(handle -> {
            try {
                TABLE.upsert(handle.getConnection(), samples);
            } catch (SQLException e) {
                throw new IllegalStateException("cannot write telemetry", e);
            }
        });
    }

    void ensureDay(LocalDate day) {
        jdbi.useHandle(handle -> handle.createQuery("SELECT telemetry.ensure_day(:day)::text")
                .bind("day", day)
                .mapTo(String.class)
                .one());
    }

    void dropDaysBefore(LocalDate day) {
        jdbi.useHandle(handle -> handle.createQuery("SELECT telemetry.drop_days_before(:day)")
                .bind("day", day)
                .mapTo(Integer.class)
                .one());
    }

    /** A machine's samples, oldest first. */
    public List<Sample> read(MachineId machine, Instant from, Instant to) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT * FROM telemetry.machine_sample"
                        + " WHERE machine = :machine AND at >= :from AND at < :to ORDER BY at")
                .bind("machine", machine.toString())
                .bind("from", from)
                .bind("to", to)
                .map(SAMPLE)
                .list());
    }
}
