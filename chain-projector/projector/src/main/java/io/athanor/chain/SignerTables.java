package io.athanor.chain;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.SignerDraw;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;

/** Signer sets: as the log draws them, and as final blocks installed them. */
final class SignerTables {
    private final Jdbi jdbi;

    SignerTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Whose signatures count, in ascending order, and how many of them are needed.
     *
     * @param byAdmin installed by the contracts' admin: then no older set is accepted beside it
     */
    record SignerSet(int version, int quorum, List<Wallet> wallets, boolean byAdmin) {
        /** Whether the contract takes signatures of this older version while this set is in force. */
        boolean accepts(int older) {
            return older == version || older == version - 1 && !byAdmin;
        }

        boolean isOf(SignerDraw draw) {
            return draw.quorum() == quorum && draw.signers().equals(wallets);
        }
    }

    /** Keeps whose keys these are; a checker has one key for ever. */
    void eligible(List<Candidate> candidates) {
        jdbi.useHandle(h -> h.createUpdate(
                        "INSERT INTO chain.attester SELECT * FROM unnest(:attesters, :checkers) ON CONFLICT DO NOTHING")
                .bindArray("attesters", String.class, texts(candidates, Candidate::attester))
                .bindArray("checkers", String.class, texts(candidates, Candidate::checker))
                .execute());
    }

    private static Object[] texts(List<Candidate> candidates, Function<Candidate, Wallet> wallet) {
        return candidates.stream().map(wallet).map(Wallet::address).toArray();
    }

    /** Whose key it is; empty for one that was never eligible. */
    Optional<Wallet> checkerOf(Wallet attester) {
        return jdbi.withHandle(
                h -> h.select("SELECT checker FROM chain.attester WHERE attester = ?", attester.address())
                        .mapTo(String.class)
                        .map(Wallet::parse)
                        .findOne());
    }

    /** What the log drew with an epoch, complete with this event. */
    record Drawn(long epoch, SignerDraw draw, long eventIndex) {}

    void installed(SignerSet set) {
        jdbi.useTransaction(h -> set.wallets()
                .forEach(wallet -> h.execute(
                        "INSERT INTO chain.signer(version, wallet, quorum, by_admin) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        set.version(),
                        wallet.address(),
                        set.quorum(),
                        set.byAdmin())));
    }

    /** The newest set that a final block installed, empty before the first. */
    Optional<SignerSet> newest() {
        return jdbi.withHandle(h -> h.select("SELECT max(version) FROM chain.signer")
                        .mapTo(Integer.class)
                        .findOne())
                .flatMap(this::find);
    }

    Optional<SignerSet> find(int version) {
        List<SignerSet> seats = jdbi.withHandle(h -> h.select(
                        "SELECT * FROM chain.signer WHERE version = ? ORDER BY lower(wallet) COLLATE \"C\"", version)
                .map((rs, c) -> new SignerSet(
                        version,
                        rs.getInt("quorum"),
                        List.of(Wallet.parse(rs.getString("wallet"))),
                        rs.getBoolean("by_admin")))
                .list());
        return seats.stream()
                .findFirst()
                .map(first -> new SignerSet(
                        version,
                        first.quorum(),
                        seats.stream().flatMap(seat -> seat.wallets().stream()).toList(),
                        first.byAdmin()));
    }

    void drawn(Drawn drawn) {
        String[] signers = drawn.draw().signers().stream().map(Wallet::address).toArray(String[]::new);
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.draw VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                drawn.epoch(),
                signers,
                drawn.draw().quorum(),
                drawn.eventIndex()));
    }

    Optional<Drawn> newestDraw() {
        return draw("SELECT * FROM chain.draw ORDER BY epoch DESC LIMIT 1");
    }

    /** The draw that becomes this version. */
    Optional<Drawn> drawOf(long version) {
        return draw(
                "SELECT d.* FROM chain.draw d JOIN chain.rotation r ON r.epoch = d.epoch WHERE r.version = ?", version);
    }

    private Optional<Drawn> draw(String sql, Object... arguments) {
        return jdbi.withHandle(h -> h.select(sql, arguments)
                .map((rs, c) -> {
                    String[] signers = (String[]) rs.getArray("signers").getArray();
                    List<Wallet> wallets =
                            Arrays.stream(signers).map(Wallet::parse).toList();
                    return new Drawn(
                            rs.getLong("epoch"),
                            new SignerDraw(wallets, rs.getInt("quorum")),
                            rs.getLong("event_index"));
                })
                .findOne());
    }

    void rotation(int version, long epoch) {
        jdbi.useHandle(h -> h.execute(
                "INSERT INTO chain.rotation VALUES (?, ?) ON CONFLICT (version) DO UPDATE SET epoch = excluded.epoch",
                version,
                epoch));
    }
}
