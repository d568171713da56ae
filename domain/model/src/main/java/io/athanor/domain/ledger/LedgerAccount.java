package io.athanor.domain.ledger;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.TextValue;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import java.util.Locale;

/**
 * One account of the double-entry ledger. Text: {@code <kind>} or {@code <kind>:<id>}, such as {@code held:0x…},
 * {@code clearing:12}, {@code pool:checker:0x…}.
 *
 * <p>Invariant: {@code id} is in its kind's one spelling, and empty for the kinds that need none.
 */
public record LedgerAccount(Kind kind, String id) implements TextValue, Comparable<LedgerAccount> {
    /** The chain: ATH that is not inside. Its balance is what is inside, below zero. */
    public static final LedgerAccount EXTERNAL = new LedgerAccount(Kind.EXTERNAL, "");

    public static final LedgerAccount TREASURY = new LedgerAccount(Kind.TREASURY, "");
    /** What is destroyed for good. */
    public static final LedgerAccount BURNED = new LedgerAccount(Kind.BURNED, "");

    /** What an account is for. */
    public enum Kind {
        EXTERNAL,
        /** A wallet's money that it may spend. */
        AVAILABLE,
        /** A wallet's money set aside for its jobs. */
        HELD,
        /** A wallet's emission that it may not spend yet. */
        VESTING,
        /** One epoch's money on its way; zero when the epoch closes. */
        CLEARING,
        TREASURY,
        /** Emission not yet given. */
        RESERVE,
        /** Bonded stake. */
        POOL,
        /** A wallet's money that waits for its payout on chain. */
        WITHDRAWING,
        /** What a case took and nobody has got yet. */
        PENALTY,
        /** A proposal's deposit. */
        DEPOSIT,
        BURNED
    }

    public LedgerAccount {
        if (!id.equals(canonical(kind, id))) {
            throw new IllegalArgumentException("not the id of a " + kind + " account: " + id);
        }
    }

    private static String canonical(Kind kind, String id) {
        return switch (kind) {
            case EXTERNAL, TREASURY, BURNED -> "";
            case AVAILABLE, HELD, VESTING, WITHDRAWING -> Wallet.parse(id).toString();
            case CLEARING -> Long.toUnsignedString(Long.parseLong(id));
            case RESERVE -> Reserve.valueOf(id.toUpperCase(Locale.ROOT)).name().toLowerCase(Locale.ROOT);
            case POOL -> PoolId.parse(id).toString();
            case DEPOSIT -> ProposalId.parse(id).toString();
            case PENALTY -> CaseId.parse(id).toString();
        };
    }

    public static LedgerAccount available(Wallet wallet) {
        return new LedgerAccount(Kind.AVAILABLE, wallet.toString());
    }

    public static LedgerAccount held(Wallet wallet) {
        return new LedgerAccount(Kind.HELD, wallet.toString());
    }

    public static LedgerAccount vesting(Wallet wallet) {
        return new LedgerAccount(Kind.VESTING, wallet.toString());
    }

    public static LedgerAccount withdrawing(Wallet wallet) {
        return new LedgerAccount(Kind.WITHDRAWING, wallet.toString());
    }

    public static LedgerAccount clearing(long epoch) {
        return new LedgerAccount(Kind.CLEARING, Long.toString(epoch));
    }

    public static LedgerAccount reserve(Reserve reserve) {
        return new LedgerAccount(Kind.RESERVE, reserve.name().toLowerCase(Locale.ROOT));
    }

    public static LedgerAccount pool(PoolId pool) {
        return new LedgerAccount(Kind.POOL, pool.toString());
    }

    public static LedgerAccount deposit(ProposalId proposal) {
        return new LedgerAccount(Kind.DEPOSIT, proposal.toString());
    }

    public static LedgerAccount penalty(CaseId penaltyCase) {
        return new LedgerAccount(Kind.PENALTY, penaltyCase.toString());
    }

    /** Reads the text form. Error: {@link IllegalArgumentException}. */
    public static LedgerAccount parse(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String id = colon < 0 ? "" : text.substring(colon + 1);
        LedgerAccount account = new LedgerAccount(Kind.valueOf(kind.toUpperCase(Locale.ROOT)), id);
        if (!account.toString().equals(text)) {
            throw new IllegalArgumentException("not a ledger account: " + text);
        }
        return account;
    }

    /** Whether it may be below zero: the chain always is, a clearing account while its epoch is booked. */
    public boolean mayBeNegative() {
        return kind == Kind.EXTERNAL || kind == Kind.CLEARING;
    }

    @Override
    public int compareTo(LedgerAccount other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return id.isEmpty() ? name : name + ":" + id;
    }
}
