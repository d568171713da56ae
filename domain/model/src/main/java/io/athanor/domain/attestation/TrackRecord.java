package io.athanor.domain.attestation;

import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.protocol.ProtocolParameters.Jail;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a checker has done in its rounds: what its numbers weigh, and whether it is to be jailed.
 *
 * <p>The score rises by one with each round in which at least two members were correct together, loses a third when
 * wrong, and never passes {@value #MAX_SCORE}; the weight is {@code max(score / 3, 3) - 1} (proof of contribution, as
 * iExec uses it). Invariant: a fold of the marks in the order of the history; days are kept only inside the window.
 *
 * @param days rounds by settlement day of their epoch
 * @param quarters the two newest quarters in which it sat, where a quarter's bonus is paid; null as none, in records kept
 *     before there were any
 */
public record TrackRecord(
        int score, Map<Long, Tally> days, @Nullable Map<Long, QuarterMarks> quarters) {
    static final int MAX_SCORE = 30;
    private static final int LEAST_TOGETHER = 2;
    private static final long BPS = 10_000;
    private static final int QUARTERS_KEPT = 2;

    public TrackRecord {
        days = Map.copyOf(days);
        quarters = Map.copyOf(quarters == null ? Map.of() : quarters);
    }

    public static TrackRecord none() {
        return new TrackRecord(0, Map.of(), Map.of());
    }

    /** @param wrong of them against a quorum, or committed to and never revealed */
    public record Tally(int rounds, int wrong) {
        Tally plus(Tally other) {
            return new Tally(rounds + other.rounds, wrong + other.wrong);
        }
    }

    /**
     * The record after one more round.
     *
     * @param day of the round's epoch
     * @param together members whom the round marked correct
     * @param windowDays how many days count
     */
    public TrackRecord after(long day, Mark mark, int together, int windowDays) {
        Map<Long, Tally> kept = new HashMap<>(days);
        kept.keySet().removeIf(old -> old <= day - windowDays);
        int newScore = switch (mark) {
            case CORRECT -> together >= LEAST_TOGETHER ? Math.min(MAX_SCORE, score + 1) : score;
            case WRONG, UNREVEALED -> score * 2 / 3;
            case OUTLIER, ABSENT -> score;
        };
        boolean wrong = mark == Mark.WRONG || mark == Mark.UNREVEALED;
        kept.merge(day, new Tally(1, wrong ? 1 : 0), Tally::plus);
        return new TrackRecord(newScore, kept, quarters);
    }

    /** The record with one more round of a quarter. */
    public TrackRecord counted(long quarter, RoundId.Kind kind, Mark mark) {
        TreeMap<Long, QuarterMarks> all = new TreeMap<>(quarters == null ? Map.of() : quarters);
        all.put(quarter, all.getOrDefault(quarter, QuarterMarks.NONE).after(kind, mark));
        while (all.size() > QUARTERS_KEPT) {
            all.pollFirstEntry();
        }
        return new TrackRecord(score, days, all);
    }

    /** What it did in a quarter; null where it never sat, or so long ago that nobody asks. */
    public @Nullable QuarterMarks quarter(long quarter) {
        return quarters == null ? null : quarters.get(quarter);
    }

    /** How many of a round's members were correct. */
    public static int together(List<Consistency> members) {
        return (int) members.stream().filter(m -> m.mark() == Mark.CORRECT).count();
    }

    /** After jail nothing counts twice: the tallies begin anew, the score stays. */
    public TrackRecord served() {
        return new TrackRecord(score, Map.of(), quarters);
    }

    public int weight() {
        return Math.max(score / 3, 3) - 1;
    }

    /** The rounds of the window. */
    public Tally inWindow() {
        return days.values().stream().reduce(new Tally(0, 0), Tally::plus);
    }

    /** Whether {@code tally} earns a time without tasks: enough wrong rounds, and more than their share. */
    public static boolean jails(Tally tally, Jail rules) {
        return tally.wrong >= rules.wrongRounds() && tally.wrong * BPS > tally.rounds * rules.wrongBps();
    }
}
