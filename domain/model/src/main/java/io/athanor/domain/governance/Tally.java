package io.athanor.domain.governance;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.Economy.Governance;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The count of a vote, in wei of voting power.
 *
 * <p>A delegator's own vote overrides its pool operator's: what voted itself is taken from what the operator represents.
 * Invariant: nobody's power counts twice, whatever the order of the votes.
 */
public record Tally(Ath inFavour, Ath against, Ath abstain, Ath veto, Ath total) {
    private static final BigInteger BPS = BigInteger.valueOf(10_000);

    /** What a voter says. */
    public enum Choice {
        FOR,
        AGAINST,
        ABSTAIN,
        /** Against, and the proposer should lose its deposit. */
        VETO
    }

    /** How it ended. */
    public enum Result {
        PASSED,
        NO_QUORUM,
        NOT_ENOUGH,
        VETOED
    }

    static Tally of(Map<Wallet, Vote> votes, Ath total) {
        TreeMap<PoolId, Ath> themselves = new TreeMap<>();
        votes.forEach((voter, vote) -> vote.lines().stream()
                .filter(line -> !line.pool().operator().equals(voter))
                .forEach(line -> themselves.merge(line.pool(), line.own(), Ath::plus)));
        EnumMap<Choice, Ath> sums = new EnumMap<>(Choice.class);
        votes.forEach((voter, vote) -> {
            for (PowerLine line : vote.lines()) {
                Ath spoken = themselves.getOrDefault(line.pool(), Ath.ZERO);
                boolean speaksForOthers = line.pool().operator().equals(voter);
                Ath others = speaksForOthers ? line.represented().minus(spoken) : Ath.ZERO;
                sums.merge(vote.choice(), line.own().plus(others), Ath::plus);
            }
        });
        return new Tally(
                sums.getOrDefault(Choice.FOR, Ath.ZERO),
                sums.getOrDefault(Choice.AGAINST, Ath.ZERO),
                sums.getOrDefault(Choice.ABSTAIN, Ath.ZERO),
                sums.getOrDefault(Choice.VETO, Ath.ZERO),
                total);
    }

    /** All that was said. */
    public Ath cast() {
        return inFavour.plus(against).plus(abstain).plus(veto);
    }

    boolean hasQuorum(Governance rules) {
        return !total.isZero() && reaches(cast(), total, rules.quorumBps());
    }

    Result result(Governance rules, boolean weighty) {
        if (!hasQuorum(rules)) {
            return Result.NO_QUORUM;
        }
        if (reaches(veto, cast(), rules.vetoBps())) {
            return Result.VETOED;
        }
        Ath decided = inFavour.plus(against).plus(veto);
        boolean passed = weighty
                ? reaches(inFavour, decided, rules.weightyPassBps())
                : exceeds(inFavour, decided, rules.passBps());
        return passed && !inFavour.isZero() ? Result.PASSED : Result.NOT_ENOUGH;
    }

    private static boolean reaches(Ath part, Ath whole, int bps) {
        return part.wei().multiply(BPS).compareTo(whole.wei().multiply(BigInteger.valueOf(bps))) >= 0;
    }

    private static boolean exceeds(Ath part, Ath whole, int bps) {
        return part.wei().multiply(BPS).compareTo(whole.wei().multiply(BigInteger.valueOf(bps))) > 0;
    }
}
