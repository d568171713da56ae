package io.athanor.chain;

import static io.athanor.chain.Tables.at;
import static io.athanor.chain.Tables.ath;
import static io.athanor.chain.Tables.number;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Payout;
import io.athanor.domain.epoch.PayoutTree;
import io.athanor.domain.hash.Hash32;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** What accounts asked to withdraw, the roots that say so, and what the vault paid. Amounts are cumulative, in wei. */
final class PayoutTables {
    /** Final roots whose leaves are kept; the newest pays for all before it. A root on its way always keeps its own. */
    private static final int ROOTS_KEPT = 8;

    private final Jdbi jdbi;

    PayoutTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** What an account asked for and was paid. */
    record Asked(Ath requested, Ath paid) {}

    /**
     * A leaf's place in its root.
     *
     * @param holder an account, or a pool whose bond is released
     */
    record Leaf(int position, String holder, Ath cumulative) {
        boolean ofPool() {
            return !holder.startsWith("0x");
        }

        byte[] bytes() {
            return ofPool()
                    ? PayoutTree.bondRelease(PoolId.parse(holder), cumulative)
                    : PayoutTree.withdrawal(Wallet.parse(holder), cumulative);
        }
    }

    /**
     * A root as it stands.
     *
     * @param rooted whether the log holds it
     * @param activeAt, lateAt the vault's times, null before a final block has them
     */
    record PayoutRow(
            Payout payout,
            long epoch,
            boolean rooted,
            @Nullable Instant activeAt,
            @Nullable Instant lateAt,
            boolean disabled) {}

    void requested(Wallet wallet, Ath cumulative) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.withdrawal(wallet, requested) VALUES (?, ?) ON CONFLICT (wallet) DO UPDATE SET"
                        + " requested = greatest(withdrawal.requested, excluded.requested)",
                wallet.address(),
                number(cumulative)));
    }

    void paid(Wallet wallet, Ath amount, Ath paid, long block) {
        jdbi.useHandle(h -> {
            h.execute(
                    "INSERT INTO chain.paid VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    wallet.address(),
                    number(paid),
                    number(amount),
                    block);
            h.execute(
                    "UPDATE chain.withdrawal SET paid = greatest(paid, ?) WHERE wallet = ?",
                    number(paid),
                    wallet.address());
        });
    }

    Asked asked(Wallet wallet) {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.withdrawal WHERE wallet = ?", wallet.address())
                .map((rs, c) -> new Asked(ath(rs, "requested"), ath(rs, "paid")))
                .findOne()
                .orElse(new Asked(Ath.ZERO, Ath.ZERO)));
    }

    void relay(Wallet wallet, boolean relayed) {
        jdbi.useHandle(h -> h.execute(
                relayed
                        ? "INSERT INTO chain.relayed VALUES (?) ON CONFLICT DO NOTHING"
                        : "DELETE FROM chain.relayed WHERE wallet = ?",
                wallet.address()));
    }

    boolean isRelayed(Wallet wallet) {
        return jdbi.withHandle(
                h -> h.select("SELECT EXISTS (SELECT 1 FROM chain.relayed WHERE wallet = ?)", wallet.address())
                        .mapTo(Boolean.class)
                        .one());
    }

    /** A root's leaves of accounts whose claims are sent for them, and that are owed as much as that is worth. */
    List<Leaf> relayedClaims(long number, Ath least) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT l.* FROM chain.payout_leaf l JOIN chain.relayed r ON r.wallet = l.holder"
                                + " JOIN chain.withdrawal w ON w.wallet = l.holder"
                                + " WHERE l.number = ? AND l.cumulative - w.paid >= ? ORDER BY l.position",
                        number,
                        number(least))
                .map(PayoutTables::leaf)
                .list());
    }

    /** Everything that was asked for. */
    private static Map<Wallet, Ath> requested(Handle handle) {
        return handle.select("SELECT wallet, requested FROM chain.withdrawal")
                .reduceRows(new TreeMap<>(), (all, row) -> {
                    all.put(
                            Wallet.parse(row.getColumn("wallet", String.class)),
                            new Ath(row.getColumn("requested", java.math.BigDecimal.class)
                                    .toBigIntegerExact()));
                    return all;
                });
    }

    /** Whether more was asked for than was paid. */
    boolean owes() {
        return jdbi.withHandle(h -> h.select("SELECT EXISTS (SELECT 1 FROM chain.withdrawal WHERE requested > paid)")
                .mapTo(Boolean.class)
                .one());
    }

    /** Fixes the next root over everything that was asked for until now; the same epoch again changes nothing. */
    void fix(long epoch, long seq) {
        jdbi.useHandle(h -> {
            boolean known = h.select("SELECT 1 FROM chain.payout WHERE epoch = ?", epoch)
                    .mapTo(Integer.class)
                    .findOne()
                    .isPresent();
            if (!known) {
                insert(h, epoch, seq);
            }
        });
    }

    private static void insert(Handle handle, long epoch, long seq) {
        long number = handle.select("SELECT coalesce(max(number), 0) + 1 FROM chain.payout")
                .mapTo(Long.class)
                .one();
        Map<Wallet, Ath> requested = requested(handle);
        Map<PoolId, Ath> released = BondTables.released(handle);
        Payout payout = PayoutTree.of(requested, released).payout(number, seq);
        handle.execute(
                "INSERT INTO chain.payout(number, epoch, root, count, total, seq) VALUES (?, ?, ?, ?, ?, ?)",
                number,
                epoch,
                payout.root().hex(),
                payout.count(),
                number(payout.total()),
                seq);
        var leaves = handle.prepareBatch("INSERT INTO chain.payout_leaf VALUES (?, ?, ?, ?)");
        int position = 0;
        for (Map.Entry<Wallet, Ath> leaf : requested.entrySet()) {
            leaves.add(number, position++, leaf.getKey().address(), number(leaf.getValue()));
        }
        for (Map.Entry<PoolId, Ath> leaf : released.entrySet()) {
            leaves.add(number, position++, leaf.getKey().toString(), number(leaf.getValue()));
        }
        leaves.execute();
        handle.execute(
                "DELETE FROM chain.payout_leaf WHERE number <= ? AND number IN"
                        + " (SELECT number FROM chain.payout WHERE active_at IS NOT NULL)",
                number - ROOTS_KEPT);
    }

    /** The epoch of the newest root, -1 before the first. */
    long lastEpoch() {
        return jdbi.withHandle(h -> h.select("SELECT coalesce(max(epoch), -1) FROM chain.payout")
                .mapTo(Long.class)
                .one());
    }

    Optional<PayoutRow> find(long number) {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.payout WHERE number = ?", number)
                .map(PayoutTables::row)
                .findOne());
    }

    Optional<PayoutRow> newest() {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.payout ORDER BY number DESC LIMIT 1")
                .map(PayoutTables::row)
                .findOne());
    }

    /** The newest root that the vault pays at this time. */
    Optional<PayoutRow> newestActive(Instant now) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.payout WHERE active_at <= ? AND NOT disabled ORDER BY number DESC LIMIT 1",
                        at(now))
                .map(PayoutTables::row)
                .findOne());
    }

    /** The first root that the log does not hold yet. */
    Optional<PayoutRow> unrooted() {
        return jdbi.withHandle(h -> h.select("SELECT * FROM chain.payout WHERE NOT rooted ORDER BY number LIMIT 1")
                .map(PayoutTables::row)
                .findOne());
    }

    void rooted(long number) {
        jdbi.useHandle(h -> h.execute("UPDATE chain.payout SET rooted = true WHERE number = ?", number));
    }

    /** A final block has it. */
    void posted(long number, Instant activeAt, Instant lateAt) {
        jdbi.useHandle(h -> h.execute(
                "UPDATE chain.payout SET active_at = ?, late_at = ? WHERE number = ?",
                at(activeAt),
                at(lateAt),
                number));
    }

    void disabled(long number) {
        jdbi.useHandle(h -> h.execute("UPDATE chain.payout SET disabled = true WHERE number = ?", number));
    }

    /** In the root's order. */
    List<Leaf> leaves(long number) {
        return jdbi.withHandle(
                h -> h.select("SELECT * FROM chain.payout_leaf WHERE number = ? ORDER BY position", number)
                        .map(PayoutTables::leaf)
                        .list());
    }

    private static Leaf leaf(ResultSet rs, StatementContext context) throws SQLException {
        return new Leaf(rs.getInt("position"), rs.getString("holder"), ath(rs, "cumulative"));
    }

    private static PayoutRow row(ResultSet rs, StatementContext context) throws SQLException {
        return new PayoutRow(
                new Payout(
                        rs.getLong("number"),
                        Hash32.parse(rs.getString("root")),
                        rs.getInt("count"),
                        ath(rs, "total"),
                        rs.getLong("seq")),
                rs.getLong("epoch"),
                rs.getBoolean("rooted"),
                time(rs, "active_at"),
                time(rs, "late_at"),
                rs.getBoolean("disabled"));
    }

    private static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
        OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
