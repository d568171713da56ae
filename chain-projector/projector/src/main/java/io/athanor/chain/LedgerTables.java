package io.athanor.chain;

import static io.athanor.chain.Tables.at;
import static io.athanor.chain.Tables.ath;
import static io.athanor.chain.Tables.instant;
import static io.athanor.chain.Tables.number;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.codec.Json;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What the event log says, as far as the chain needs it. Repeating an event changes nothing. */
final class LedgerTables {
    private final Jdbi jdbi;

    LedgerTables(Jdbi jdbi) {
        this.jdbi = jdbi.registerArrayType(Integer.class, "integer")
                .registerArrayType(Long.class, "bigint")
                .registerArrayType(String.class, "text");
    }

    /** The network's beginning and the length of its epochs. */
    record Network(long chainId, Instant genesis, long epochMillis) {}

    /** The newest opened epoch; its candidates were frozen at {@code openedAt}. */
    record Opened(long epoch, Instant openedAt, Instant endsAt) {}

    /** Transfers into the vault and claims at it, up to a block. Amounts in wei. */
    record Taken(long count, Ath total, Ath bonded, long claims, Ath paid) {}

    void network(long chainId, Instant genesis) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.network(id, chain_id, genesis) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
                chainId,
                at(genesis)));
    }

    void parameters(ProtocolParameters parameters) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.network SET epoch_millis = ?, parameters = ?",
                parameters.timing().epochMillis(),
                Json.text(parameters)));
    }

    /** In force as of the event that was handled last; empty until they are known. */
    Optional<ProtocolParameters> parameters() {
        return jdbi.withHandle(h -> h.select("SELECT parameters FROM chain.network WHERE parameters IS NOT NULL")
                .mapTo(String.class)
                .map(text -> Json.read(text, new TypeReference<ProtocolParameters>() {}))
                .findOne());
    }

    /** @param eligible kept with the newest epoch only */
    void epochOpened(long epoch, Instant openedAt, Instant endsAt, List<Candidate> eligible) {
        jdbi.useHandle(h -> {
            h.execute("UPDATE chain.epoch SET eligible = NULL WHERE epoch < ? AND eligible IS NOT NULL", epoch);
            h.execute(
                    "INSERT INTO chain.epoch VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    epoch,
                    at(openedAt),
                    at(endsAt),
                    Json.text(eligible));
        });
    }

    /** The candidates that were frozen with the newest epoch before this one. */
    List<Candidate> frozenBefore(long epoch) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT eligible FROM chain.epoch WHERE epoch < ? AND eligible IS NOT NULL"
                                + " ORDER BY epoch DESC LIMIT 1",
                        epoch)
                .mapTo(String.class)
                .map(text -> Json.read(text, new TypeReference<List<Candidate>>() {}))
                .findOne()
                .orElse(List.of()));
    }

    void inbound(Inbound transfer) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.inbound VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                transfer.number(),
                transfer.kind(),
                transfer.beneficiary().hex(),
                number(transfer.amount()),
                transfer.transaction().hex(),
                transfer.block()));
    }

    /** Leaves that wait for their epoch's batches; one that is known stays as it is. */
    void items(List<Item> items) {
        jdbi.useHandle(h -> h.createUpdate("""
                        INSERT INTO chain.item(kind, job, task, fence, epoch, leaf)
                        SELECT u.kind, u.job, u.task, u.fence, coalesce(u.epoch, newest.epoch), decode(u.leaf, 'hex')
                        FROM unnest(:kinds, :jobs, :tasks, :fences, :epochs, :leaves)
                            AS u (kind, job, task, fence, epoch, leaf),
                            (SELECT max(epoch) AS epoch FROM chain.epoch) newest
                        WHERE coalesce(u.epoch, newest.epoch) IS NOT NULL
                        ON CONFLICT DO NOTHING""")
                .bindArray(
                        "kinds",
                        Integer.class,
                        column(items, item -> item.kind().number()))
                .bindArray(
                        "jobs",
                        String.class,
                        column(items, item -> item.task().job().toString()))
                .bindArray(
                        "tasks",
                        Integer.class,
                        column(items, item -> item.task().index()))
                .bindArray("fences", Integer.class, column(items, Item::fence))
                .bindArray("epochs", Long.class, column(items, Item::epoch))
                .bindArray(
                        "leaves",
                        String.class,
                        column(items, item -> HexFormat.of().formatHex(item.leaf())))
                .execute());
    }

    private static <T extends @Nullable Object> List<T> column(List<Item> items, Function<Item, T> value) {
        return items.stream().map(value).toList();
    }

    /** A batch and the epoch in whose books it is. */
    record BatchRow(Batch batch, long epoch) {}

    /** Seals a batch over the epoch's next leaves; a batch that is known keeps its own. */
    void seal(Batch batch, long epoch) {
        int sealed = jdbi.withHandle(h -> h.execute(
                "INSERT INTO chain.batch(seq, epoch, previous, root, count, total)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                batch.seq(),
                epoch,
                batch.previous().hex(),
                batch.root().hex(),
                batch.count(),
                number(batch.total())));
        if (sealed > 0) {
            take(batch, epoch);
        }
    }

    Optional<BatchRow> batch(long seq) {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.batch WHERE seq = ?", seq)
                .map((rs, c) -> new BatchRow(
                        new Batch(
                                rs.getLong("seq"),
                                Hash32.parse(rs.getString("previous")),
                                Hash32.parse(rs.getString("root")),
                                rs.getInt("count"),
                                ath(rs, "total")),
                        rs.getLong("epoch")))
                .findOne());
    }

    private void take(Batch batch, long epoch) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.item SET batch = ? WHERE (kind, job, task, fence) IN"
                        + " (SELECT kind, job, task, fence FROM chain.item WHERE epoch = ? AND batch IS NULL"
                        + " ORDER BY kind, job, task, fence LIMIT ?)",
                batch.seq(),
                epoch,
                batch.count()));
    }

    /** The leaves of a batch, in their order. */
    List<byte[]> leaves(long seq) {
        return jdbi.withHandle(
                h -> h.select("SELECT leaf FROM chain.item WHERE batch = ? ORDER BY kind, job, task, fence", seq)
                        .mapTo(byte[].class)
                        .list());
    }

    /** A lease that is in a batch, or in none yet: then that is null. */
    record Matched(TaskId task, @Nullable Long batch) {}

    /** The kind stands in the text, so that every plan may use the index of matches. */
    static final String MATCHED = "SELECT job, task, batch FROM chain.item WHERE kind = " + LeafKind.MATCH.number()
            + " AND substring(leaf FROM 2 FOR 32) = decode(?, 'hex') AND fence = ?";

    /** The lease whose match has this key and fence. */
    Optional<Matched> matched(Hash32 jobKey, int fence) {
        return jdbi.withHandle(h -> h.select(MATCHED, jobKey.hex().substring(2), fence)
                .map((rs, c) -> new Matched(
                        JobId.parse(rs.getString("job")).task(rs.getInt("task")), rs.getObject("batch", Long.class)))
                .findOne());
    }

    /** When an epoch that was opened ends. */
    Instant endOf(long epoch) {
        return jdbi.withHandle(h -> h.select("SELECT ends_at FROM chain.epoch WHERE epoch = ?", epoch)
                .map((rs, c) -> instant(rs, "ends_at"))
                .one());
    }

    /** Empty until the network began and its parameters are known. */
    Optional<Network> network() {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.network WHERE epoch_millis IS NOT NULL")
                .map((rs, c) -> new Network(rs.getLong("chain_id"), instant(rs, "genesis"), rs.getLong("epoch_millis")))
                .findOne());
    }

    Optional<Opened> newestEpoch() {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.epoch ORDER BY epoch DESC LIMIT 1")
                .map((rs, c) -> new Opened(rs.getLong("epoch"), instant(rs, "opened_at"), instant(rs, "ends_at")))
                .findOne());
    }

    Optional<Inbound> inbound(long number) {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.inbound WHERE number = ?", number)
                .map((rs, c) -> new Inbound(
                        rs.getLong("number"),
                        rs.getInt("kind"),
                        Hash32.parse(rs.getString("beneficiary")),
                        ath(rs, "amount"),
                        Hash32.parse(rs.getString("transaction")),
                        rs.getLong("block")))
                .findOne());
    }

    /** What the log took of the transfers up to a block, inclusive. */
    Taken takenUpTo(long block) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT i.*, p.* FROM (SELECT count(*) AS count, coalesce(sum(amount), 0) AS total,"
                                + " coalesce(sum(amount) FILTER (WHERE kind = ?), 0) AS bonded"
                                + " FROM chain.inbound WHERE block <= ?) i,"
                                + " (SELECT count(*) AS claims, coalesce(sum(amount), 0) AS paid"
                                + " FROM chain.paid WHERE block <= ?) p",
                        Inbound.BOND,
                        block,
                        block)
                .map((rs, c) -> new Taken(
                        rs.getLong("count"),
                        ath(rs, "total"),
                        ath(rs, "bonded"),
                        rs.getLong("claims"),
                        ath(rs, "paid")))
                .one());
    }
}
