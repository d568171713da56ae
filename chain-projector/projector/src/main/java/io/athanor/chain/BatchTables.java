package io.athanor.chain;

import static io.athanor.chain.Tables.at;
import static io.athanor.chain.Tables.ath;
import static io.athanor.chain.Tables.instant;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.hash.Hash32;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Batches on their way to the chain: their states, signatures and transactions, and the account that sends them. */
final class BatchTables {
    private final Jdbi jdbi;

    BatchTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * SEALED → COLLECTING → SIGNED → SENT → MINED → FINAL. A reorganisation leads from MINED back to SENT; a final
     * refusal by the contract from SENT back to SIGNED, and halts.
     */
    enum State {
        SEALED,
        COLLECTING,
        SIGNED,
        SENT,
        MINED,
        FINAL
    }

    /** One batch as it stands. {@code setVersion} is 0 while SEALED. */
    record BatchRow(
            Batch batch,
            long epoch,
            long eventIndex,
            State state,
            int setVersion,
            @Nullable String transaction,
            long block,
            @Nullable String blockHash) {
        long seq() {
            return batch.seq();
        }
    }

    /** One signed transaction. {@code waitsSince} is when it was first sent, or sent again after a reorganisation. */
    record Attempt(long seq, int number, long nonce, String raw, String transaction, Fees fees, Instant waitsSince) {}

    /** Whose signatures count, in ascending order, and how many of them are needed. */
    record SignerSet(int version, int quorum, List<Wallet> wallets) {}

    Optional<BatchRow> batch(long seq) {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.batch WHERE seq = ?", seq)
                .map(BatchTables::row)
                .findOne());
    }

    /** Batches that are not final, in order. */
    List<BatchRow> open(int limit) {
        return jdbi.withHandle(
                h -> h.select("SELECT * FROM chain.batch WHERE state <> 'FINAL' ORDER BY seq LIMIT ?", limit)
                        .map(BatchTables::row)
                        .list());
    }

    /** How many batches that are not final are in which state. */
    Map<String, Integer> openByState() {
        return jdbi.withHandle(h -> h.select("SELECT state, count(*) AS batches FROM chain.batch"
                        + " WHERE state <> 'FINAL' GROUP BY state ORDER BY state")
                .reduceRows(new TreeMap<>(), (counts, row) -> {
                    counts.put(row.getColumn("state", String.class), row.getColumn("batches", Integer.class));
                    return counts;
                }));
    }

    void state(long seq, State state) {
        jdbi.useHandle(h -> h.execute("UPDATE chain.batch SET state = ? WHERE seq = ?", state.name(), seq));
    }

    void collecting(long seq, int setVersion) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.batch SET state = 'COLLECTING', set_version = ? WHERE seq = ?", setVersion, seq));
    }

    /** The batch waits for a block from now on. */
    void sent(long seq, Instant now) {
        jdbi.useHandle(h -> h.execute(
                "WITH batch AS (UPDATE chain.batch SET state = 'SENT' WHERE seq = ?)"
                        + " UPDATE chain.attempt SET waits_since = ? WHERE seq = ? AND number ="
                        + " (SELECT max(number) FROM chain.attempt WHERE seq = ?)",
                seq,
                at(now),
                seq,
                seq));
    }

    void mined(long seq, String transaction, long block, String blockHash) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.batch SET state = 'MINED', transaction = ?, block = ?, block_hash = ? WHERE seq = ?",
                transaction,
                block,
                blockHash,
                seq));
    }

    /** The contract refused the batch in a final block, which used up a nonce: the batch is to be sent with the next. */
    void refused(long seq) {
        jdbi.useHandle(h -> h.execute(
                "WITH batch AS (UPDATE chain.batch SET state = 'SIGNED' WHERE seq = ?),"
                        + " attempts AS (DELETE FROM chain.attempt WHERE seq = ?)"
                        + " UPDATE chain.submitter SET base_nonce = base_nonce + 1",
                seq,
                seq));
    }

    void approve(long seq, Wallet signer, String signature) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.approval VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                seq,
                signer.address(),
                signature));
    }

    /** The first signatures in ascending order of their signers: those that the contract counts. */
    List<String> approvals(long seq, int quorum) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT signature FROM chain.approval WHERE seq = ? ORDER BY lower(signer) COLLATE \"C\" LIMIT ?",
                        seq,
                        quorum)
                .mapTo(String.class)
                .list());
    }

    boolean hasApproved(long seq, Wallet signer) {
        return jdbi.withHandle(
                h -> h.select("SELECT 1 FROM chain.approval WHERE seq = ? AND signer = ?", seq, signer.address())
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent());
    }

    void signers(SignerSet set) {
        jdbi.useTransaction(h -> set.wallets()
                .forEach(wallet -> h.execute(
                        "INSERT INTO chain.signer VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        set.version(),
                        wallet.address(),
                        set.quorum())));
    }

    /** The newest set that a final block installed, empty before the first. */
    Optional<SignerSet> newestSigners() {
        return jdbi.withHandle(h -> h.select("SELECT max(version) FROM chain.signer")
                        .mapTo(Integer.class)
                        .findOne())
                .flatMap(this::signers);
    }

    Optional<SignerSet> signers(int version) {
        List<SignerSet> seats = jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.signer WHERE version = ? ORDER BY lower(wallet) COLLATE \"C\"", version)
                .map((rs, c) ->
                        new SignerSet(version, rs.getInt("quorum"), List.of(Wallet.parse(rs.getString("wallet")))))
                .list());
        return seats.stream()
                .findFirst()
                .map(first -> new SignerSet(
                        version,
                        first.quorum(),
                        seats.stream().flatMap(seat -> seat.wallets().stream()).toList()));
    }

    void attempt(Attempt attempt) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                attempt.seq(),
                attempt.number(),
                attempt.nonce(),
                attempt.raw(),
                attempt.transaction(),
                new BigDecimal(attempt.fees().most()),
                new BigDecimal(attempt.fees().tip()),
                at(attempt.waitsSince())));
    }

    /** All signed transactions of a batch, the newest first. */
    List<Attempt> attempts(long seq) {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.attempt WHERE seq = ? ORDER BY number DESC", seq)
                .map((rs, c) -> new Attempt(
                        rs.getLong("seq"),
                        rs.getInt("number"),
                        rs.getLong("nonce"),
                        rs.getString("raw"),
                        rs.getString("transaction"),
                        new Fees(
                                rs.getBigDecimal("max_fee").toBigIntegerExact(),
                                rs.getBigDecimal("priority_fee").toBigIntegerExact()),
                        instant(rs, "waits_since")))
                .list());
    }

    /** The nonce of batch 1, fixed when the submitter is first seen. Error: {@link Halted} for another submitter. */
    long baseNonce(Wallet submitter, long baseNow) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.submitter VALUES (1, ?, ?) ON CONFLICT DO NOTHING", submitter.address(), baseNow));
        String known = jdbi.withHandle(h -> h.select("SELECT wallet FROM chain.submitter")
                .mapTo(String.class)
                .one());
        if (!known.equals(submitter.address())) {
            throw new Halted("the submitter was " + known + " and is now " + submitter
                    + ": start the node with the first one's key");
        }
        return baseNonce();
    }

    /** Known once the head was checked. */
    long baseNonce() {
        return jdbi.withHandle(h -> h.select("SELECT base_nonce FROM chain.submitter")
                .mapTo(Long.class)
                .one());
    }

    private static BatchRow row(ResultSet rs, StatementContext context) throws SQLException {
        Batch batch = new Batch(
                rs.getLong("seq"),
                Hash32.parse(rs.getString("previous")),
                Hash32.parse(rs.getString("root")),
                rs.getInt("count"),
                ath(rs, "total"));
        return new BatchRow(
                batch,
                rs.getLong("epoch"),
                rs.getLong("event_index"),
                State.valueOf(rs.getString("state")),
                rs.getInt("set_version"),
                rs.getString("transaction"),
                rs.getLong("block"),
                rs.getString("block_hash"));
    }
}
