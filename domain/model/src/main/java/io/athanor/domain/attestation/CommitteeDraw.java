package io.athanor.domain.attestation;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.Accountability.CaseCommittee;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Jail;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who sits in a committee: seats by whole stake units, without replacement, from a seed that nobody chooses.
 *
 * <p>Invariant: a pure function of its arguments, whatever the order of the candidates, so anyone can draw again; no
 * candidate gets more seats than it has units; no owner group more than its share of all units, but at least one.
 */
public final class CommitteeDraw {
    private static final Hash32 SEED_TAG = text("athanor.draw.seed.v1");
    private static final Hash32 STREAM_TAG = text("athanor.draw.stream.v1");
    private static final Abi.Layout SEED =
            Abi.Layout.of("bytes32 tag", "bytes32 blockHash", "bytes32 salts", "bytes32 round");
    private static final Abi.Layout STREAM = Abi.Layout.of("bytes32 tag", "bytes32 seed", "uint256 counter");
    private static final BigInteger PPM = BigInteger.valueOf(1_000_000);
    private static final int LEAST_QUORUM = 2;

    private CommitteeDraw() {}

    /** {@code keccak(tag, blockHash, salts, keccak(round))}: no party knows it before the block is final. */
    public static Hash32 seed(Hash32 blockHash, Hash32 salts, RoundId round) {
        return Hash32.keccak(SEED.encode(SEED_TAG, blockHash, salts, text(round.toString())));
    }

    /**
     * Draws.
     *
     * @param seats wanted; fewer are drawn where there are fewer units
     * @param unit stake of one unit, above zero; a candidate below one unit is not drawn
     * @param operatorCapBps the most of all units that one owner group enters with
     * @param excludedOwnerGroups with an interest in a subject: none of theirs is drawn
     * @param excludeNetworkGroups whether a network group in which an excluded owner has a checker is left out too
     * @return who sits, in wallet order, each once
     */
    public static List<Seat> draw(
            List<Candidate> candidates,
            Hash32 seed,
            int seats,
            Ath unit,
            long operatorCapBps,
            Set<String> excludedOwnerGroups,
            boolean excludeNetworkGroups) {
        List<Candidate> eligible = eligible(candidates, unit, excludedOwnerGroups, excludeNetworkGroups);
        long[] units = cappedUnits(eligible, unit, operatorCapBps);
        long left = sum(units);
        int[] seatsOf = new int[eligible.size()];
        for (int drawn = 0; drawn < seats && left > 0; drawn++) {
            int chosen = indexOf(units, below(left, seed, drawn));
            units[chosen]--;
            seatsOf[chosen]++;
            left--;
        }
        List<Seat> committee = new ArrayList<>(Math.min(seats, seatsOf.length));
        for (int i = 0; i < seatsOf.length; i++) {
            if (seatsOf[i] > 0) {
                Candidate member = eligible.get(i);
                committee.add(new Seat(member.checker(), member.attester(), seatsOf[i], null, member.ownerGroup()));
            }
        }
        return List.copyOf(committee);
    }

    /** Who may be drawn, in wallet order: at least one unit of stake, and no interest in a subject. */
    public static List<Candidate> eligible(
            List<Candidate> candidates, Ath unit, Set<String> excludedOwnerGroups, boolean excludeNetworkGroups) {
        if (unit.isZero()) {
            throw new IllegalArgumentException("a stake unit is above zero");
        }
        Set<String> networks = candidates.stream()
                .filter(c -> excludeNetworkGroups && excludedOwnerGroups.contains(c.ownerGroup()))
                .map(Candidate::networkGroup)
                .collect(Collectors.toSet());
        return candidates.stream()
                .filter(c -> c.stake().covers(unit))
                .filter(c -> c.isFree(excludedOwnerGroups) && !networks.contains(c.networkGroup()))
                .sorted(Comparator.comparing(Candidate::checker))
                .toList();
    }

    /** Each candidate's units, where its owner group's units beyond the cap are left out, last wallet first. */
    private static long[] cappedUnits(List<Candidate> eligible, Ath unit, long operatorCapBps) {
        long[] units = eligible.stream()
                .mapToLong(c -> c.stake().wei().divide(unit.wei()).longValueExact())
                .toArray();
        long cap = Math.max(1, Ath.ofWei(sum(units)).bps(operatorCapBps).wei().longValueExact());
        Map<String, Long> room = new TreeMap<>();
        for (int i = 0; i < units.length; i++) {
            String owner = eligible.get(i).ownerGroup();
            long free = room.getOrDefault(owner, cap);
            units[i] = Math.min(units[i], free);
            room.put(owner, free - units[i]);
        }
        return units;
    }

    /** The units that a draw of these arguments draws from. */
    public static long units(
            List<Candidate> candidates,
            Ath unit,
            long operatorCapBps,
            Set<String> excludedOwnerGroups,
            boolean excludeNetworkGroups) {
        List<Candidate> eligible = eligible(candidates, unit, excludedOwnerGroups, excludeNetworkGroups);
        return sum(cappedUnits(eligible, unit, operatorCapBps));
    }

    private static long sum(long[] units) {
        long total = 0;
        for (long each : units) {
            total = Math.addExact(total, each);
        }
        return total;
    }

    /** A number in {@code 0..bound-1}; the bias of 256 bits modulo a long is below 2^-192. */
    private static long below(long bound, Hash32 seed, int counter) {
        Hash32 word = Hash32.keccak(STREAM.encode(STREAM_TAG, seed, counter));
        return new BigInteger(1, word.bytes()).mod(BigInteger.valueOf(bound)).longValueExact();
    }

    private static int indexOf(long[] units, long position) {
        long rest = position;
        int i = 0;
        while (rest >= units[i]) {
            rest -= units[i++];
        }
        return i;
    }

    /**
     * Seats of a committee on a small network: as many as wanted, at most one an eligible checker; where two committees of
     * one case must both find members, at most this one's part of them, {@code ceil(eligible * seats / full)}.
     */
    public static int size(Wanted wanted, int eligible) {
        int part = wanted.full() == 0
                ? eligible
                : Math.max(LEAST_QUORUM, Math.ceilDiv(eligible * wanted.seats(), wanted.full()));
        return Math.min(Math.min(wanted.seats(), part), eligible);
    }

    /** {@code max(2, ceil(seats * wantedQuorum / wantedSeats))}: the same majority of a smaller committee. */
    public static int quorum(int seats, int wantedQuorum, int wantedSeats) {
        return Math.max(LEAST_QUORUM, Math.ceilDiv(seats * wantedQuorum, wantedSeats));
    }

    /**
     * The chance that colluders get the quorum, by the hypergeometric distribution: {@code P(X >= quorum)} for
     * {@code seats} drawn from {@code total} units of which {@code colluding} are theirs.
     *
     * @return ppm, rounded up
     */
    public static long captureBoundPpm(long colluding, long total, int seats, int quorum) {
        if (colluding < 0 || colluding > total || seats > total) {
            throw new IllegalArgumentException("not " + colluding + " of " + total + " units for " + seats + " seats");
        }
        BigInteger captured = BigInteger.ZERO;
        for (int k = Math.max(quorum, 0); k <= seats; k++) {
            captured = captured.add(choose(colluding, k).multiply(choose(total - colluding, seats - k)));
        }
        BigInteger[] parts = captured.multiply(PPM).divideAndRemainder(choose(total, seats));
        return parts[0].longValueExact() + parts[1].signum();
    }

    /** What a draw states of itself: {@link Draw.Terms}. */
    public static Draw.Terms terms(long units, int seats, int quorum, Wanted wanted) {
        long colluding = units * Draw.Terms.COLLUDING_PERCENT / 100;
        return new Draw.Terms(
                wanted.seats(),
                wanted.quorum(),
                units,
                captureBoundPpm(colluding, units, seats, quorum),
                wanted.toleranceBps(),
                wanted.toleranceLeast());
    }

    /**
     * What the parameters ask of a kind of round.
     *
     * @param toleranceBps and {@code toleranceLeast} as in {@link Draw.Terms}
     * @param full how many eligible checkers make this committee and a disjoint one whole; 0 where none is needed beside
     */
    public record Wanted(int seats, int quorum, long toleranceBps, long toleranceLeast, int full) {
        /** Milliseconds below which two clocks do not differ. */
        private static final long LEAST_MILLIS = 5;

        public static Wanted of(RoundId.Kind kind, ProtocolParameters parameters) {
            ProtocolParameters.Committee rules = parameters.committee();
            Jail jail = parameters.accountable().jail();
            CaseCommittee cases = parameters.accountable().penalties().committee();
            return switch (kind) {
                case LIVENESS -> new Wanted(rules.routineSeats(), rules.routineQuorum(), 0, 0, 0);
                case DELIVERY ->
                    new Wanted(rules.routineSeats(), rules.routineQuorum(), jail.numberToleranceBps(), LEAST_MILLIS, 0);
                case ONBOARDING, CAPACITY ->
                    new Wanted(rules.onboardingSeats(), rules.onboardingQuorum(), rules.throughputToleranceBps(), 0, 0);
                case APPEAL -> new Wanted(cases.appealSeats(), cases.appealQuorum(), 0, 0, 0);
                case SLASH -> new Wanted(cases.slashSeats(), cases.slashQuorum(), 0, 0, cases.full());
            };
        }
    }

    /** The binomial coefficient; 0 where {@code k > n}. */
    private static BigInteger choose(long n, int k) {
        BigInteger result = BigInteger.ONE;
        for (int i = 0; i < k; i++) {
            result = result.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1L));
        }
        return result;
    }

    private static Hash32 text(String text) {
        return Hash32.keccak(text.getBytes(StandardCharsets.UTF_8));
    }
}
