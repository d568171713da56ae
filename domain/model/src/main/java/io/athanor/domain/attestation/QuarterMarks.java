package io.athanor.domain.attestation;

import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.common.RoundId;

/**
 * A checker's rounds of a quarter, counted as they close.
 *
 * <p>Invariant: {@code correct ≤ taken ≤ rounds}.
 *
 * @param rounds in which it sat
 * @param taken of them those to which it revealed a report that others could judge
 * @param correct rounds in which its mark was CORRECT, those of cases left out: they are paid apart
 */
public record QuarterMarks(int rounds, int taken, int correct) {
    /** Before the first. */
    public static final QuarterMarks NONE = new QuarterMarks(0, 0, 0);

    public QuarterMarks after(RoundId.Kind kind, Mark mark) {
        boolean counts = mark == Mark.CORRECT && !isCase(kind);
        return new QuarterMarks(rounds + 1, taken + (isTaken(mark) ? 1 : 0), correct + (counts ? 1 : 0));
    }

    /** Whether a committee of this kind judges a penalty case. */
    public static boolean isCase(RoundId.Kind kind) {
        return kind == RoundId.Kind.SLASH || kind == RoundId.Kind.APPEAL;
    }

    /** Whether the member revealed a report that others could judge. */
    public static boolean isTaken(Mark mark) {
        return mark != Mark.ABSENT && mark != Mark.UNREVEALED;
    }
}
