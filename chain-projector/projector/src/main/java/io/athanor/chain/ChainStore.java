package io.athanor.chain;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.hash.Hash32;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The {@code chain} schema: batches and their transactions, what came in, and where the scan stands. */
final class ChainStore {
    private static final String BATCH_COLUMNS =
            "seq, epoch, previous, root, count, total, event_index, state, set_version, transaction, block, block_hash";

    private final Jdbi jdbi;

    ChainStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** SEALED → COLLECTING → SIGNED → SENT → MINED → FINAL; a reorganisation leads from MINED back to SENT. */
    enum State {
        SEALED,
        COLLECTING,
        SIGNED,
        SENT,
        MINED,
        FINAL
    }

    /** One batch as it stands. */
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

    /** One signed transaction. Fees in wei. */
    record Attempt(
            long seq,
            int number,
            long nonce,
            String raw,
            String transaction,
            BigInteger maxFee,
            BigInteger tip,
            Instant sentAt) {}

    /** Where the scan for inbound transfers stands. */
    record Cursor(long block, String hash, long inbound) {}

    /** The network's rhythm. */
    record Network(long chainId, Instant genesis, long epochMillis) {
        Instant startOf(long epoch) {
            return genesis.plusMillis(epoch * epochMillis);
        }

        long epochAt(Instant time) {
            return Math.floorDiv(time.toEpochMilli() - genesis.toEpochMilli(), epochMillis);
        }
    }

    /** The newest opened epoch. */
    record Opened(long epoch, Instant openedAt) {}

    static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    // What events say; in the transaction of their processor's token.

    void network(long chainId, Instant genesis) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.network(id, chain_id, genesis) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
                chainId,
                at(genesis)));
    }

    void timing(long slotMillis, long epochMillis) {
        jdbi.useHandle(
                h -> h.execute("UPDATE chain.network SET slot_millis = ?, epoch_millis = ?", slotMillis, epochMillis));
    }

    void epochOpened(long epoch, Instant openedAt, Instant endsAt) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.epoch VALUES (?, ?, ?) ON CONFLICT DO NOTHING", epoch, at(openedAt), at(endsAt)));
    }

    void item(TaskId task, long epoch, byte[] leaf, Ath cost) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.item(job, task, epoch, leaf, cost) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                task.job().toString(),
                task.index(),
                epoch,
                leaf,
                new BigDecimal(cost.wei())));
    }

    /** Takes the next {@code count} items of the epoch, in task order, into the batch and returns their leaves. */
    List<byte[]> take(long seq, long epoch, int count) {
        return jdbi.withHandle(h -> {
            h.execute(
                    "UPDATE chain.item SET batch = ? WHERE (job, task) IN (SELECT job, task FROM chain.item"
                            + " WHERE epoch = ? AND batch IS NULL ORDER BY job, task LIMIT ?)",
                    seq,
                    epoch,
                    count);
            return h.select("SELECT leaf FROM chain.item WHERE batch = ? ORDER BY job, task", seq)
                    .mapTo(byte[].class)
                    .list();
        });
    }

    boolean hasBatch(long seq) {
        return batch(seq).isPresent();
    }

    void seal(Batch batch, long epoch, long eventIndex) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.batch(seq, epoch, previous, root, count, total, event_index, state)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, 'SEALED')",
                batch.seq(),
                epoch,
                batch.previous().hex(),
                batch.root().hex(),
                batch.count(),
                new BigDecimal(batch.total().wei()),
                eventIndex));
    }

    // What the projector does.

    Optional<Network> network() {
        return jdbi.withHandle(h -> h.select(
                        "SELECT chain_id, genesis, epoch_millis FROM chain.network WHERE epoch_millis IS NOT NULL")
                .map((rs, c) -> new Network(rs.getLong(1), instant(rs, 2), rs.getLong(3)))
                .findOne());
    }

    Optional<Opened> newestEpoch() {
        return jdbi.withHandle(h -> h.select("SELECT epoch, opened_at FROM chain.epoch ORDER BY epoch DESC LIMIT 1")
                .map((rs, c) -> new Opened(rs.getLong(1), instant(rs, 2)))
                .findOne());
    }

    Optional<Cursor> cursor() {
        return jdbi.withHandle(h -> h.select("SELECT block_number, block_hash, inbound FROM chain.cursor")
                .map((rs, c) -> new Cursor(rs.getLong(1), rs.getString(2), rs.getLong(3)))
                .findOne());
    }

    void cursor(Cursor cursor) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.cursor VALUES (1, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET block_number ="
                        + " excluded.block_number, block_hash = excluded.block_hash, inbound = excluded.inbound",
                cursor.block(),
                cursor.hash(),
                cursor.inbound()));
    }

    void inbound(Inbound transfer) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.inbound VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                transfer.number(),
                transfer.kind(),
                transfer.beneficiary().hex(),
                new BigDecimal(transfer.amount().wei()),
                transfer.transaction().hex(),
                transfer.block()));
    }

    Optional<BatchRow> batch(long seq) {
        return jdbi.withHandle(h -> h.select("SELECT " + BATCH_COLUMNS + " FROM chain.batch WHERE seq = ?", seq)
                .map(ChainStore::row)
                .findOne());
    }

    /** Batches that are not final, in order. */
    List<BatchRow> open(int limit) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT " + BATCH_COLUMNS + " FROM chain.batch WHERE state <> 'FINAL' ORDER BY seq LIMIT ?",
                        limit)
                .map(ChainStore::row)
                .list());
    }

    Optional<BatchRow> newestFinal() {
        return jdbi.withHandle(h -> h.select(
                        "SELECT " + BATCH_COLUMNS + " FROM chain.batch WHERE state = 'FINAL' ORDER BY seq DESC LIMIT 1")
                .map(ChainStore::row)
                .findOne());
    }

    void state(long seq, State state) {
        jdbi.useHandle(h -> h.execute("UPDATE chain.batch SET state = ? WHERE seq = ?", state.name(), seq));
    }

    void collecting(long seq, int setVersion) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.batch SET state = 'COLLECTING', set_version = ? WHERE seq = ?", setVersion, seq));
    }

    void mined(long seq, String transaction, long block, String blockHash) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.batch SET state = 'MINED', transaction = ?, block = ?, block_hash = ? WHERE seq = ?",
                transaction,
                block,
                blockHash,
                seq));
    }

    void approve(long seq, Wallet signer, String signature) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.approval VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                seq,
                signer.address(),
                signature));
    }

    /** Signatures in ascending order of their signers, as the contract wants them. */
    List<String> approvals(long seq) {
        return jdbi.withHandle(
                h -> h.select("SELECT signature FROM chain.approval WHERE seq = ? ORDER BY lower(signer)", seq)
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

    void signers(int version, int quorum, List<Wallet> wallets) {
        jdbi.useTransaction(h -> wallets.forEach(wallet -> h.execute(
                "INSERT INTO chain.signer VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                version,
                wallet.address(),
                quorum)));
    }

    /** The newest signer set, empty before the first. */
    Optional<SignerSet> signerSet() {
        return jdbi.withHandle(h -> {
            List<SignerSet> rows = h.select("SELECT version, quorum, wallet FROM chain.signer"
                            + " WHERE version = (SELECT max(version) FROM chain.signer) ORDER BY lower(wallet)")
                    .map((rs, c) -> new SignerSet(rs.getInt(1), rs.getInt(2), List.of(Wallet.parse(rs.getString(3)))))
                    .list();
            return rows.isEmpty()
                    ? Optional.<SignerSet>empty()
                    : Optional.of(new SignerSet(
                            rows.getFirst().version(),
                            rows.getFirst().quorum(),
                            rows.stream().flatMap(row -> row.wallets().stream()).toList()));
        });
    }

    /** Whose signatures count. */
    record SignerSet(int version, int quorum, List<Wallet> wallets) {}

    void attempt(Attempt attempt) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                attempt.seq(),
                attempt.number(),
                attempt.nonce(),
                attempt.raw(),
                attempt.transaction(),
                new BigDecimal(attempt.maxFee()),
                new BigDecimal(attempt.tip()),
                at(attempt.sentAt())));
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
                        rs.getBigDecimal("max_fee").toBigIntegerExact(),
                        rs.getBigDecimal("priority_fee").toBigIntegerExact(),
                        instant(rs, "sent_at")))
                .list());
    }

    /** The nonce of batch 1, fixed when the submitter was first seen; another submitter is an error. */
    long baseNonce(Wallet submitter, long nonceNow) {
        return jdbi.inTransaction(h -> {
            h.execute(
                    "INSERT INTO chain.stream(id, submitter, base_nonce) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
                    submitter.address(),
                    nonceNow);
            String known = h.select("SELECT submitter FROM chain.stream")
                    .mapTo(String.class)
                    .one();
            if (!known.equals(submitter.address())) {
                throw new Halted("the submitter was " + known + " and is now " + submitter);
            }
            return h.select("SELECT base_nonce FROM chain.stream")
                    .mapTo(Long.class)
                    .one();
        });
    }

    Optional<String> haltedBecause() {
        return jdbi.withHandle(h -> h.select("SELECT halted FROM chain.stream WHERE halted IS NOT NULL")
                .mapTo(String.class)
                .findOne());
    }

    void halt(String why, Instant now) {
        jdbi.useHandle(h -> h.execute("UPDATE chain.stream SET halted = ?, halted_at = ?", why, at(now)));
    }

    void resume() {
        jdbi.useHandle(h -> h.execute("UPDATE chain.stream SET halted = NULL, halted_at = NULL"));
    }

    /** Holds a session lock while the connection lives: one node at a time speaks for the stream. */
    static boolean tryLead(Handle connection) {
        return connection
                .select("SELECT pg_try_advisory_lock(hashtext('athanor.chain.leader'))")
                .mapTo(Boolean.class)
                .one();
    }

    Handle connection() {
        return jdbi.open();
    }

    private static BatchRow row(ResultSet rs, StatementContext context) throws SQLException {
        Batch batch = new Batch(
                rs.getLong("seq"),
                Hash32.parse(rs.getString("previous")),
                Hash32.parse(rs.getString("root")),
                rs.getInt("count"),
                new Ath(rs.getBigDecimal("total").toBigIntegerExact()));
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

    private static Instant instant(ResultSet rs, int column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }
}
