package io.athanor.chain;

import static io.athanor.chain.Tables.ath;
import static io.athanor.chain.Tables.number;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.epoch.BondReleases.Change;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Bonds as the log has them, and what the vault released of them. */
final class BondTables {
    private final Jdbi jdbi;

    BondTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The rule of {@code BondReleases}, one pool at a time; an event that comes again changes nothing. */
    void changed(Change change, long index) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.pool_bond AS p (pool, bonded, balance, as_of) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (pool) DO UPDATE SET bonded = p.bonded + excluded.bonded,"
                        + " balance = p.balance + excluded.balance,"
                        + " released = greatest(p.released,"
                        + " p.bonded + excluded.bonded - p.balance - excluded.balance),"
                        + " as_of = excluded.as_of WHERE p.as_of < excluded.as_of",
                change.pool().toString(),
                new java.math.BigDecimal(change.bonded()),
                new java.math.BigDecimal(change.balance()),
                index));
    }

    /** What the log released of each pool's bond. */
    static Map<PoolId, Ath> released(Handle handle) {
        return handle.select("SELECT pool, released FROM chain.pool_bond WHERE released > 0")
                .reduceRows(new TreeMap<>(), (all, row) -> {
                    all.put(
                            PoolId.parse(row.getColumn("pool", String.class)),
                            new Ath(row.getColumn("released", java.math.BigDecimal.class)
                                    .toBigIntegerExact()));
                    return all;
                });
    }

    /** What final blocks released of a pool's bond, all together. */
    Ath releasedOnChain(PoolId pool) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT coalesce(max(released), 0) AS total FROM chain.bond_release WHERE pool = ?",
                        pool.toString())
                .map((rs, c) -> ath(rs, "total"))
                .one());
    }

    Ath released(PoolId pool) {
        return jdbi.withHandle(BondTables::released).getOrDefault(pool, Ath.ZERO);
    }

    /** A final block has it. */
    void releasedOnChain(PoolId pool, Ath amount, Ath released, long block) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.bond_release VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                pool.toString(),
                number(released),
                number(amount),
                block));
    }

    /** All that the vault released up to a block, inclusive. */
    Ath releasedUpTo(long block) {
        return jdbi.withHandle(h -> h.select(
                        "SELECT coalesce(sum(amount), 0) AS total FROM chain.bond_release WHERE block <= ?", block)
                .map((rs, c) -> ath(rs, "total"))
                .one());
    }
}
