package io.athanor.domain.attestation;

import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The verdict over what a committee revealed.
 *
 * <p>A fact needs the quorum of the ASSIGNED seats on equal (fact, digest), held by at least {@link #LEAST_VOICES} owner
 * groups, so that in no network, however small, one operator alone decides; the measure is the median of those who agree,
 * weighted by seats and track record. A member is wrong when one of its discrete facts stands against a quorum; NETWORK
 * excludes a subject for that member and is never wrong, but who says it of everything that others could judge took no
 * part. Nor is OFFLINE wrong of a machine that was there for a part of the time only, or of one in a daily capacity test. No
 * quorum on a subject faults nobody, nor does an OFFLINE quorum against one member whom the machine answered. Who agrees on
 * every fact and is far off in a number that does not depend on place is an outlier: without reward, and without fault.
 */
public final class Consensus {
    /** Owner groups that have to agree before anything is decided, whatever seats they hold. */
    public static final int LEAST_VOICES = 2;

    private Consensus() {}

    /** Judges a round whose windows are over. */
    public static RoundEvent judge(Round round, Instant at) {
        RoundOpened opened = round.known();
        int revealed = opened.committee().stream()
                .filter(seat -> round.reveals().containsKey(seat.checker()))
                .mapToInt(Seat::seats)
                .sum();
        if (revealed < opened.quorum()) {
            return new RoundInconclusive(opened.round(), revealed, consistency(round, List.of()), at);
        }
        List<Verdict> verdicts = new ArrayList<>(opened.subjects().size());
        for (int i = 0; i < opened.subjects().size(); i++) {
            verdicts.add(verdict(opened, round.reveals(), i));
        }
        return new RoundFinalized(opened.round(), verdicts, consistency(round, verdicts), salts(round.reveals()), at);
    }

    private static Verdict verdict(RoundOpened opened, Map<Wallet, ReportRevealed> reveals, int subject) {
        Map<Claim, Integer> seatsByClaim = new HashMap<>();
        Map<Claim, Set<String>> voices = new HashMap<>();
        int assigned = 0;
        for (Seat seat : opened.committee()) {
            assigned += seat.seats();
            Finding finding = finding(reveals, seat.checker(), subject);
            if (finding != null && finding.fact() != Fact.NETWORK) {
                seatsByClaim.merge(Claim.of(finding), seat.seats(), Integer::sum);
                voices.computeIfAbsent(Claim.of(finding), claim -> new HashSet<>())
                        .add(seat.voice());
            }
        }
        String key = opened.subjects().get(subject).key();
        int quorum = opened.quorum();
        // Two claims could both reach a quorum only if it were half the seats or less, which no round opens with.
        Claim agreed = seatsByClaim.entrySet().stream()
                .filter(entry -> entry.getValue() >= quorum)
                .filter(entry -> voices.getOrDefault(entry.getKey(), Set.of()).size() >= LEAST_VOICES)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        boolean answered = seatsByClaim.keySet().stream().anyMatch(claim -> isAnswer(opened, claim.fact()));
        if (agreed == null || agreed.fact() == Fact.OFFLINE && answered) {
            return new Verdict(key, null, Hash32.ZERO, 0, 0, assigned);
        }
        long median = median(opened, reveals, subject, agreed);
        int agreeing = seatsByClaim.getOrDefault(agreed, 0);
        return new Verdict(key, agreed.fact(), agreed.digest(), median, agreeing, assigned);
    }

    /** What a machine that is away cannot have given. */
    private static boolean isAnswer(RoundOpened opened, @Nullable Fact fact) {
        return fact == Fact.ONLINE || isTested(opened) && (fact == Fact.GENUINE || fact == Fact.COUNTERFEIT);
    }

    private static boolean isTested(RoundOpened opened) {
        return opened.round().kind() == RoundId.Kind.CAPACITY;
    }

    private static long median(RoundOpened opened, Map<Wallet, ReportRevealed> reveals, int subject, Claim agreed) {
        TreeMap<Long, Integer> weights = new TreeMap<>();
        int total = 0;
        for (Seat seat : opened.committee()) {
            Finding finding = finding(reveals, seat.checker(), subject);
            if (finding != null && Claim.of(finding).equals(agreed)) {
                weights.merge(finding.measure(), seat.medianWeight(), Integer::sum);
                total += seat.medianWeight();
            }
        }
        int below = 0;
        for (Map.Entry<Long, Integer> entry : weights.entrySet()) {
            below += entry.getValue();
            if (below * 2 >= total) {
                return entry.getKey();
            }
        }
        return 0;
    }

    private static List<Consistency> consistency(Round round, List<Verdict> verdicts) {
        return round.known().committee().stream()
                .map(seat -> new Consistency(seat.checker(), mark(round, seat.checker(), verdicts)))
                .toList();
    }

    private static Mark mark(Round round, Wallet checker, List<Verdict> verdicts) {
        if (!round.reveals().containsKey(checker)) {
            return round.commitments().containsKey(checker) ? Mark.UNREVEALED : Mark.ABSENT;
        }
        int conclusive = 0;
        int judged = 0;
        boolean far = false;
        Draw.Terms terms = round.known().draw().terms();
        for (int i = 0; i < verdicts.size(); i++) {
            Finding finding = finding(round.reveals(), checker, i);
            Verdict verdict = verdicts.get(i);
            if (finding == null || !verdict.conclusive()) {
                continue;
            }
            conclusive++;
            if (finding.fact() != Fact.NETWORK && !isExcused(round, finding, verdict)) {
                judged++;
                if (isOfItsPlace(finding, verdict)) {
                    continue;
                }
                if (!Claim.of(finding).equals(new Claim(verdict.fact(), verdict.digest()))) {
                    return Mark.WRONG;
                }
                far |= terms != null && !terms.tolerates(verdict.measure(), finding.measure());
            }
        }
        if (conclusive > 0 && judged == 0) {
            return Mark.ABSENT;
        }
        return far ? Mark.OUTLIER : Mark.CORRECT;
    }

    /**
     * Members look at different secret instants: one may have met only the part of an epoch in which a machine was away.
     * That the machine was away for a part is seen by the median of those who reached it, which lies below what others
     * answered. Rounds drawn before seats named their groups were judged without this. In a daily capacity test each member has
     * one turn: whom a machine does not answer then says nothing, and no machine makes a member wrong by its silence.
     */
    private static boolean isExcused(Round round, Finding finding, Verdict verdict) {
        if (isTested(round.known())) {
            return finding.fact() == Fact.OFFLINE && verdict.fact() != Fact.OFFLINE;
        }
        boolean missed = finding.fact() == Fact.OFFLINE && verdict.fact() == Fact.ONLINE;
        return missed
                && round.known().committee().stream().anyMatch(seat -> seat.ownerGroup() != null)
                && verdict.measure() < mostAnswered(round);
    }

    /** The same hardware; whether its line is fast enough, and by how much not, is seen differently from different places. */
    private static boolean isOfItsPlace(Finding finding, Verdict verdict) {
        boolean slow = finding.fact() == Fact.TOO_SLOW || verdict.fact() == Fact.TOO_SLOW;
        return slow
                && isLine(finding.fact())
                && isLine(verdict.fact())
                && finding.digest().equals(verdict.digest());
    }

    private static boolean isLine(@Nullable Fact fact) {
        return fact == Fact.GENUINE || fact == Fact.TOO_SLOW;
    }

    private static long mostAnswered(Round round) {
        return round.reveals().values().stream()
                .flatMap(reveal -> reveal.report().findings().stream())
                .filter(finding -> finding.fact() == Fact.ONLINE)
                .mapToLong(Finding::measure)
                .max()
                .orElse(0);
    }

    private static @Nullable Finding finding(Map<Wallet, ReportRevealed> reveals, Wallet checker, int subject) {
        ReportRevealed reveal = reveals.get(checker);
        return reveal == null ? null : reveal.report().findings().get(subject);
    }

    private static Hash32 salts(Map<Wallet, ReportRevealed> reveals) {
        byte[][] salts = reveals.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().salt().bytes())
                .toArray(byte[][]::new);
        return Hash32.keccak(salts);
    }

    /** What is compared by equality. */
    private record Claim(@Nullable Fact fact, Hash32 digest) {
        static Claim of(Finding finding) {
            return new Claim(finding.fact(), finding.digest());
        }
    }
}
