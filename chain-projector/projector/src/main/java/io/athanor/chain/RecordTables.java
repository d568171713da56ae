package io.athanor.chain;

import static io.athanor.chain.Tables.number;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.codec.Json;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.epoch.RecordLog;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.SignedReport;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * The log of records and the states of it that are anchored, and the reports that a penalty is proven with. The rules are
 * those of {@link RecordLeaf} and {@link RecordLog}; an event that comes again changes nothing.
 */
final class RecordTables {
    /** For how long after its epoch a report is kept that no case rests on. */
    private static final long REPORT_DAYS = 3;

    private static final RowMapper<Row> ROW = (rs, c) -> new Row(
            rs.getLong("position"),
            rs.getString("subject"),
            Hex.encode(rs.getBytes("leaf")),
            rs.getString("detail"),
            rs.getString("reports"),
            rs.getString("appeal"));

    private final Jdbi jdbi;

    RecordTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * A record.
     *
     * @param subject text of the round, case or proposal
     * @param leaf 0x hex
     * @param detail the members of a committee, or the rounds that a case rests on, as JSON; otherwise null
     * @param reports the two of an equivocation, as JSON; otherwise null
     * @param appeal the round that upheld a case; otherwise null
     */
    record Row(
            long position,
            String subject,
            String leaf,
            @Nullable String detail,
            @Nullable String reports,
            @Nullable String appeal) {
        private static final int WORD = 32;

        /** A field of the leaf, from 0. */
        Hash32 word(int at) {
            int from = 1 + at * WORD;
            return Hash32.of(Arrays.copyOfRange(Hex.decode(leaf), from, from + WORD));
        }

        BigInteger number(int at) {
            return new BigInteger(1, word(at).bytes());
        }

        List<Seat> members() {
            return Json.read(String.valueOf(detail), new TypeReference<List<Seat>>() {});
        }

        List<RoundId> rounds() {
            return Json.read(String.valueOf(detail), new TypeReference<List<RoundId>>() {});
        }

        /** The two reports of an equivocation; none of another case. */
        List<SignedReport> contradiction() {
            return reports == null ? List.of() : Json.read(reports, new TypeReference<List<SignedReport>>() {});
        }

        /** The round of the appeal that upheld the case. */
        Optional<RoundId> upheldBy() {
            return Optional.ofNullable(appeal).map(RoundId::parse);
        }
    }

    void take(Event event, long index) {
        RecordLeaf.of(event, Json::digest).ifPresent(leaf -> insert(event, leaf, index));
        if (event instanceof CaseOpened e) {
            keep(RecordLeaf.rounds(e.offence()));
        } else if (event instanceof CaseJudged e && e.round() != null) {
            restsOn(e.id(), e.round());
        } else if (event instanceof ReportRevealed e) {
            revealed(e);
        } else if (event instanceof AppealDecided e && e.ruling() == Ruling.UPHELD) {
            upheld(e);
        }
    }

    /** A committee has found what a case rests on after the case was opened. */
    private void restsOn(CaseId id, RoundId round) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.record SET detail = ? WHERE kind = ? AND subject = ? AND detail = '[]'",
                Json.text(List.of(round)),
                LeafKind.CASE.number(),
                id.toString()));
        keep(List.of(round));
    }

    private void upheld(AppealDecided e) {
        keep(List.of(e.round()));
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.record SET appeal = ? WHERE kind = ? AND subject = ?",
                e.round().toString(),
                LeafKind.CASE.number(),
                e.id().toString()));
    }

    private void insert(Event event, byte[] leaf, long index) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.record(position, event_index, kind, subject, leaf, detail, reports)"
                        + " SELECT (SELECT coalesce(max(position) + 1, 0) FROM chain.record), ?, ?, ?, ?, ?, ?"
                        + " ON CONFLICT (event_index) DO NOTHING",
                index,
                leaf[0],
                event.stream().id(),
                leaf,
                detail(event),
                contradiction(event)));
    }

    private static @Nullable String contradiction(Event event) {
        return event instanceof CaseOpened opened && opened.offence() instanceof Equivocation e
                ? Json.text(List.of(e.one(), e.other()))
                : null;
    }

    private static @Nullable String detail(Event event) {
        return switch (event) {
            case RoundOpened e -> Json.text(RecordLeaf.members(e.committee()));
            case CaseOpened e -> Json.text(RecordLeaf.rounds(e.offence()));
            default -> null;
        };
    }

    private void keep(List<RoundId> rounds) {
        jdbi.useHandle(h -> rounds.forEach(
                round -> h.execute("UPDATE chain.report SET kept = true WHERE round = ?", round.toString())));
    }

    private void revealed(ReportRevealed e) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.report(round, checker, epoch, report, signature)"
                        + " SELECT ?, ?, coalesce(max(epoch), 0), ?, ? FROM chain.epoch ON CONFLICT DO NOTHING",
                e.round().toString(),
                e.checker().address(),
                Json.text(e.report()),
                e.signature()));
    }

    /**
     * The epoch closed: fixes the log's state where that is due, and says its number. Its last record, the event log's own
     * state, and with it the root, are {@link HistoryTables}' to add.
     *
     * @param index of the event that closed it
     */
    Optional<Long> fix(long epoch, int epochsPerDay, long seq, long index) {
        return jdbi.withHandle(h -> {
            h.execute("DELETE FROM chain.report WHERE NOT kept AND epoch < ?", epoch - REPORT_DAYS * epochsPerDay);
            long last = count(h, "SELECT coalesce(max(epoch), -1) FROM chain.checkpoint");
            if (epoch <= last || !RecordLog.isDue(epoch, last, epochsPerDay)) {
                return Optional.<Long>empty();
            }
            long number = count(h, "SELECT count(*) + 1 FROM chain.checkpoint");
            long position = count(h, "SELECT coalesce(max(position) + 1, 0) FROM chain.record");
            h.execute(
                    "INSERT INTO chain.record(position, event_index, kind, subject) VALUES (?, ?, ?, ?)",
                    position,
                    index,
                    LeafKind.HISTORY.number(),
                    "checkpoint " + number);
            h.execute(
                    "INSERT INTO chain.checkpoint(number, epoch, size, seq, event_index) VALUES (?, ?, ?, ?, ?)",
                    number,
                    epoch,
                    position + 1,
                    seq,
                    index);
            return Optional.of(number);
        });
    }

    private static long count(Handle handle, String question) {
        return handle.select(question).mapTo(Long.class).one();
    }

    static List<byte[]> leaves(Handle handle, long size) {
        return handle.select("SELECT leaf FROM chain.record WHERE position < ? ORDER BY position", size)
                .mapTo(byte[].class)
                .list();
    }

    /** The log's first {@code size} leaves. */
    List<byte[]> leaves(long size) {
        return jdbi.withHandle(h -> leaves(h, size));
    }

    /** Empty as long as its root is not known. */
    Optional<Checkpoint> checkpoint(long number) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.checkpoint WHERE number = ? AND root IS NOT NULL", number)
                .map((rs, c) -> new Checkpoint(
                        rs.getLong("number"),
                        rs.getLong("size"),
                        Hash32.parse(rs.getString("root")),
                        rs.getLong("seq")))
                .findOne());
    }

    /** Penalties among the first {@code size} records that no final block took, oldest first. */
    List<Row> openPenalties(long size) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.record r WHERE kind = ? AND position < ? AND NOT EXISTS"
                                + " (SELECT 1 FROM chain.penalty p WHERE p.penalty_case = r.subject) ORDER BY position",
                        LeafKind.PENALTY.number(),
                        size)
                .map(ROW)
                .list());
    }

    /** The first record of a kind about this among the first {@code size}. */
    Optional<Row> find(LeafKind kind, String subject, long size) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.record WHERE kind = ? AND subject = ? AND position < ?"
                                + " ORDER BY position LIMIT 1",
                        kind.number(),
                        subject,
                        size)
                .map(ROW)
                .findOne());
    }

    List<SignedReport> reports(RoundId round) {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.report WHERE round = ?", round.toString())
                .map((rs, c) -> new SignedReport(
                        Json.read(rs.getString("report"), new TypeReference<Report>() {}), rs.getString("signature")))
                .list());
    }

    /** The text of the case with this key on chain whose penalty is as much or more; less is taken where no more is bonded. */
    Optional<String> penaltyOf(Hash32 key, Ath amount) {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.record WHERE kind = ?", LeafKind.PENALTY.number())
                .map(ROW)
                .filter(row -> row.word(0).equals(key) && new Ath(row.number(1)).covers(amount))
                .findFirst()
                .map(Row::subject));
    }

    /** A final block has it. */
    void penaltyTaken(String penaltyCase, Ath amount, long block) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.penalty VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                penaltyCase,
                number(amount),
                block));
    }

    /** A final block has it. */
    void matchRefuted(Hash32 jobKey, int fence, String finding, String reporter, long block) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.refuted_match(job_key, fence, finding, reporter, block) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                jobKey.hex(),
                fence,
                finding,
                reporter,
                block));
    }

    /** What became of it. */
    void refutationAnswered(Hash32 jobKey, int fence, String outcome) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.refuted_match SET outcome = ? WHERE job_key = ? AND fence = ?",
                outcome,
                jobKey.hex(),
                fence));
    }

    /**
     * A match that the chain holds for refuted.
     *
     * @param task its text, null where no leaf of the log has that key
     * @param outcome the cases that were opened, or why none was; null for one that an older version read
     */
    record Refutation(
            String jobKey,
            @Nullable String task,
            int fence,
            String finding,
            String reporter,
            long block,
            @Nullable String outcome) {}

    /** Those that no operator has seen, oldest first. */
    List<Refutation> refuted() {
        return jdbi.withHandle(h -> h.select(
                        "SELECT r.*, i.job || '.' || i.task AS task_text FROM chain.refuted_match r"
                                + " LEFT JOIN chain.item i ON i.kind = ? AND i.fence = r.fence"
                                + " AND substring(i.leaf FROM 2 FOR 32) = decode(substring(r.job_key FROM 3), 'hex')"
                                + " WHERE NOT r.seen ORDER BY r.block, r.job_key, r.fence",
                        LeafKind.MATCH.number())
                .map((rs, c) -> new Refutation(
                        rs.getString("job_key"),
                        rs.getString("task_text"),
                        rs.getInt("fence"),
                        rs.getString("finding"),
                        rs.getString("reporter"),
                        rs.getLong("block"),
                        rs.getString("outcome")))
                .list());
    }

    /** An operator has seen all of them; they stay in the table. */
    void refutationsSeen() {
        jdbi.useHandle(h -> h.execute("UPDATE chain.refuted_match SET seen = true WHERE NOT seen"));
    }
}
