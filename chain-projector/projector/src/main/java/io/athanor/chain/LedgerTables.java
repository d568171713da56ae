package io.athanor.chain;

import static io.athanor.chain.Tables.at;
import static io.athanor.chain.Tables.ath;
import static io.athanor.chain.Tables.instant;
import static io.athanor.chain.Tables.number;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** What the event log says, as far as the chain needs it. Repeating an event changes nothing. */
final class LedgerTables {
    private final Jdbi jdbi;

    LedgerTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The network's beginning and the length of its epochs. */
    record Network(long chainId, Instant genesis, long epochMillis) {}

    /** The newest opened epoch; its candidates were frozen at {@code openedAt}. */
    record Opened(long epoch, Instant openedAt, Instant endsAt) {}

    /** Transfers of the vault up to a block. Amounts in wei. */
    record Taken(long count, Ath total, Ath bonded) {}

    void network(long chainId, Instant genesis) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.network(id, chain_id, genesis) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
                chainId,
                at(genesis)));
    }

    void epochMillis(long epochMillis) {
        jdbi.useHandle(h -> h.execute("UPDATE chain.network SET epoch_millis = ?", epochMillis));
    }

    void epochOpened(long epoch, Instant openedAt, Instant endsAt) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.epoch VALUES (?, ?, ?) ON CONFLICT DO NOTHING", epoch, at(openedAt), at(endsAt)));
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

    void item(TaskId task, long epoch, byte[] leaf) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.item(job, task, epoch, leaf) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                task.job().toString(),
                task.index(),
                epoch,
                leaf));
    }

    /** Seals a batch over the epoch's next settled tasks; a batch that is known keeps its tasks and its state. */
    void seal(Batch batch, long epoch, long eventIndex) {
        int sealed = jdbi.withHandle(h -> h.execute(
                "INSERT INTO chain.batch(seq, epoch, previous, root, count, total, event_index, state)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, 'SEALED') ON CONFLICT DO NOTHING",
                batch.seq(),
                epoch,
                batch.previous().hex(),
                batch.root().hex(),
                batch.count(),
                number(batch.total()),
                eventIndex));
        if (sealed > 0) {
            take(batch, epoch);
        }
    }

    private void take(Batch batch, long epoch) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.item SET batch = ? WHERE (job, task) IN (SELECT job, task FROM chain.item"
                        + " WHERE epoch = ? AND batch IS NULL ORDER BY job, task LIMIT ?)",
                batch.seq(),
                epoch,
                batch.count()));
    }

    /** The leaves of a batch, in task order. */
    List<byte[]> leaves(long seq) {
        return jdbi.withHandle(h -> h.select("SELECT leaf FROM chain.item WHERE batch = ? ORDER BY job, task", seq)
                .mapTo(byte[].class)
                .list());
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
                        "SELECT count(*) AS count, coalesce(sum(amount), 0) AS total, coalesce(sum(amount)"
                                + " FILTER (WHERE kind = ?), 0) AS bonded FROM chain.inbound WHERE block <= ?",
                        Inbound.BOND,
                        block)
                .map((rs, c) -> new Taken(rs.getLong("count"), ath(rs, "total"), ath(rs, "bonded")))
                .one());
    }
}
