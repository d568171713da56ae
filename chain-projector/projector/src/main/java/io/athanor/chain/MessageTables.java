package io.athanor.chain;

import static io.athanor.chain.Tables.at;
import static io.athanor.chain.Tables.instant;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.ChainStatus.Lane;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
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

/** Messages on their way to the chain: their states, signatures and transactions, and the account that sends them. */
final class MessageTables {
    private final Jdbi jdbi;

    MessageTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * SEALED → COLLECTING → SIGNED → SENT → MINED → FINAL. A reorganisation leads from MINED back to SENT; a final
     * refusal by the contract from SENT back to SIGNED, and halts; a new signer set from COLLECTING back to SEALED.
     */
    enum State {
        SEALED,
        COLLECTING,
        SIGNED,
        SENT,
        MINED,
        FINAL;

        /** Whether it counts on chain, unless a reorganisation takes it back. */
        boolean inBlock() {
            return this == MINED || this == FINAL;
        }
    }

    /** One message as it stands. {@code setVersion} is 0 while SEALED. */
    record Message(
            CosignKind kind,
            long number,
            long eventIndex,
            State state,
            int setVersion,
            @Nullable String transaction,
            long block,
            @Nullable String blockHash) {
        @Override
        public String toString() {
            return switch (kind) {
                case BATCH -> "batch " + number;
                case PAYOUT -> "withdrawal root " + number;
                case SIGNERS -> "signer set " + number;
                case RECORDS -> "state " + number + " of the log of records";
            };
        }
    }

    /** One signed transaction. {@code waitsSince} is when it was first sent, or sent again after a reorganisation. */
    record Attempt(int attempt, long nonce, String raw, String transaction, Fees fees, Instant waitsSince) {}

    /** A message that the log owes the chain; one that is known keeps its state. */
    void seal(CosignKind kind, long number, long eventIndex) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.message(kind, number, event_index, state) VALUES (?, ?, ?, 'SEALED')"
                        + " ON CONFLICT DO NOTHING",
                kind.name(),
                number,
                eventIndex));
    }

    Optional<Message> find(CosignKind kind, long number) {
        return jdbi.withHandle(
                h -> h.select("SELECT * FROM chain.message WHERE kind = ? AND number = ?", kind.name(), number)
                        .map(MessageTables::message)
                        .findOne());
    }

    /** Whether the contract has the batch, and with it all before; 0 stands for none. */
    boolean hasBatch(long seq) {
        return seq == 0
                || find(CosignKind.BATCH, seq)
                        .filter(batch -> batch.state().inBlock())
                        .isPresent();
    }

    /** The number of the newest final message of a kind. */
    Optional<Long> newestFinal(CosignKind kind) {
        return jdbi.withHandle(
                h -> h.select("SELECT max(number) FROM chain.message WHERE kind = ? AND state = 'FINAL'", kind.name())
                        .mapTo(Long.class)
                        .findOne());
    }

    /** Messages that are not final in the log's order, signer sets first. */
    List<Message> open(int limit) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.message WHERE state <> 'FINAL'"
                                + " ORDER BY kind <> 'SIGNERS', event_index, number LIMIT ?",
                        limit)
                .map(MessageTables::message)
                .list());
    }

    private record InState(String state, int messages, long gas) {}

    /** How many messages of a kind are where, and what they cost. */
    Lane lane(CosignKind kind) {
        List<InState> states = jdbi.withHandle(h -> h.select(
                        "SELECT state, count(*) AS messages, coalesce(sum(gas_used), 0) AS gas FROM chain.message"
                                + " WHERE kind = ? GROUP BY state",
                        kind.name())
                .map((rs, c) -> new InState(rs.getString("state"), rs.getInt("messages"), rs.getLong("gas")))
                .list());
        Map<String, Integer> open = new TreeMap<>();
        states.forEach(in -> open.put(in.state(), in.messages()));
        Integer finals = open.remove(State.FINAL.name());
        long gas = states.stream().mapToLong(InState::gas).sum();
        return new Lane(kind.name(), open, finals == null ? 0 : finals, gas);
    }

    void state(Message message, State state) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.message SET state = ? WHERE kind = ? AND number = ?",
                state.name(),
                message.kind().name(),
                message.number()));
    }

    void collecting(Message message, int setVersion) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.message SET state = 'COLLECTING', set_version = ? WHERE kind = ? AND number = ?",
                setVersion,
                message.kind().name(),
                message.number()));
    }

    /** Signatures of a set that no longer counts are given up, and those of the newest are collected. */
    void startOver(Message message) {
        jdbi.useTransaction(h -> {
            h.execute(
                    "DELETE FROM chain.approval WHERE kind = ? AND number = ?",
                    message.kind().name(),
                    message.number());
            h.execute(
                    "UPDATE chain.message SET state = 'SEALED', set_version = NULL WHERE kind = ? AND number = ?",
                    message.kind().name(),
                    message.number());
        });
    }

    /** The message was overtaken before anything of it was sent. */
    void drop(Message message) {
        jdbi.useTransaction(h -> {
            for (String table : List.of("approval", "message")) {
                h.execute(
                        "DELETE FROM chain." + table + " WHERE kind = ? AND number = ?",
                        message.kind().name(),
                        message.number());
            }
        });
    }

    /** The message waits for a block from now on. */
    void sent(Message message, Instant now) {
        String kind = message.kind().name();
        jdbi.useHandle(h -> h.execute(
                "WITH message AS (UPDATE chain.message SET state = 'SENT' WHERE kind = ? AND number = ?)"
                        + " UPDATE chain.attempt SET waits_since = ? WHERE kind = ? AND number = ? AND attempt ="
                        + " (SELECT max(attempt) FROM chain.attempt WHERE kind = ? AND number = ?)",
                kind,
                message.number(),
                at(now),
                kind,
                message.number(),
                kind,
                message.number()));
    }

    void mined(Message message, String transaction, long block, String blockHash, long gasUsed) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.message SET state = 'MINED', transaction = ?, block = ?, block_hash = ?,"
                        + " gas_used = ? WHERE kind = ? AND number = ?",
                transaction,
                block,
                blockHash,
                gasUsed,
                message.kind().name(),
                message.number()));
    }

    /** Its nonce was used up and did not bring it onto the chain: the message is to be sent with the next one. */
    void refused(Message message) {
        jdbi.useTransaction(h -> {
            h.execute(
                    "DELETE FROM chain.attempt WHERE kind = ? AND number = ?",
                    message.kind().name(),
                    message.number());
            h.execute(
                    "UPDATE chain.message SET state = 'SIGNED' WHERE kind = ? AND number = ?",
                    message.kind().name(),
                    message.number());
        });
    }

    void approve(Message message, Wallet signer, String signature) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.approval(kind, number, signer, signature) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                message.kind().name(),
                message.number(),
                signer.address(),
                signature));
    }

    /** The first signatures in ascending order of their signers: those that the contract counts. */
    List<String> approvals(CosignKind kind, long number, int quorum) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT signature FROM chain.approval WHERE kind = ? AND number = ?"
                                + " ORDER BY lower(signer) COLLATE \"C\" LIMIT ?",
                        kind.name(),
                        number,
                        quorum)
                .mapTo(String.class)
                .list());
    }

    /** A key and its signature. */
    record Approval(Wallet signer, String signature) {}

    /** All signatures under a message, in ascending order of their signers. */
    List<Approval> signatures(Message message) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.approval WHERE kind = ? AND number = ?"
                                + " ORDER BY lower(signer) COLLATE \"C\"",
                        message.kind().name(),
                        message.number())
                .map((rs, c) -> new Approval(Wallet.parse(rs.getString("signer")), rs.getString("signature")))
                .list());
    }

    boolean hasApproved(Message message, Wallet signer) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT 1 FROM chain.approval WHERE kind = ? AND number = ? AND signer = ?",
                        message.kind().name(),
                        message.number(),
                        signer.address())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    /** Stores a message's first transaction and takes its nonce, both or neither. */
    void firstAttempt(Message message, Attempt attempt) {
        jdbi.useTransaction(h -> {
            attempt(message, attempt);
            int taken = h.execute(
                    "UPDATE chain.submitter SET next_nonce = next_nonce + 1 WHERE next_nonce = ?", attempt.nonce());
            if (taken != 1) {
                throw new IllegalStateException("nonce " + attempt.nonce() + " was taken by another node");
            }
        });
    }

    void attempt(Message message, Attempt attempt) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.attempt(kind, number, attempt, nonce, raw, transaction, max_fee, priority_fee,"
                        + " waits_since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                message.kind().name(),
                message.number(),
                attempt.attempt(),
                attempt.nonce(),
                attempt.raw(),
                attempt.transaction(),
                new BigDecimal(attempt.fees().most()),
                new BigDecimal(attempt.fees().tip()),
                at(attempt.waitsSince())));
    }

    /** All signed transactions of a message, the newest first. */
    List<Attempt> attempts(CosignKind kind, long number) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.attempt WHERE kind = ? AND number = ? ORDER BY attempt DESC",
                        kind.name(),
                        number)
                .map((rs, c) -> new Attempt(
                        rs.getInt("attempt"),
                        rs.getLong("nonce"),
                        rs.getString("raw"),
                        rs.getString("transaction"),
                        new Fees(
                                rs.getBigDecimal("max_fee").toBigIntegerExact(),
                                rs.getBigDecimal("priority_fee").toBigIntegerExact()),
                        instant(rs, "waits_since")))
                .list());
    }

    /**
     * The nonce that the next message takes, fixed at {@code now} when the submitter is first seen. Error: {@link Halted}
     * for another submitter.
     */
    long nextNonce(Wallet submitter, long now) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.submitter(id, wallet, next_nonce) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
                submitter.address(),
                now));
        String known = jdbi.withHandle(h -> h.select("SELECT wallet FROM chain.submitter")
                .mapTo(String.class)
                .one());
        if (!known.equals(submitter.address())) {
            throw new Halted("the submitter was " + known + " and is now " + submitter
                    + ": start the node with the first one's key");
        }
        return nextNonce();
    }

    /** Known once the head was checked. */
    long nextNonce() {
        return jdbi.withHandle(h -> h.select("SELECT next_nonce FROM chain.submitter")
                .mapTo(Long.class)
                .one());
    }

    /** How many signed messages have a nonce and may not be in a block now. */
    long unfinal() {
        return jdbi.withHandle(h -> h.select("SELECT count(*) FROM chain.message m WHERE state <> 'FINAL' AND EXISTS"
                        + " (SELECT 1 FROM chain.attempt a WHERE a.kind = m.kind AND a.number = m.number)")
                .mapTo(Long.class)
                .one());
    }

    private static Message message(ResultSet rs, StatementContext context) throws SQLException {
        return new Message(
                CosignKind.valueOf(rs.getString("kind")),
                rs.getLong("number"),
                rs.getLong("event_index"),
                State.valueOf(rs.getString("state")),
                rs.getInt("set_version"),
                rs.getString("transaction"),
                rs.getLong("block"),
                rs.getString("block_hash"));
    }
}
