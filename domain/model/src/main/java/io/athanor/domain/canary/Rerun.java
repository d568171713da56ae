package io.athanor.domain.canary;

import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's delivery that was drawn to run again, and the tasks that ran it.
 *
 * @param task that was drawn
 * @param first the same order from another wallet; null where none was made
 * @param second once more, where the first did not end alike on a machine of another owner; null where none was made
 * @param why there is no first, or no second that was due; null where there is nothing to say
 */
public record Rerun(
        TaskId task,
        @Nullable TaskId first,
        @Nullable TaskId second,
        @Nullable String why) {
    private static final int MAX_WHY_CHARS = 300;

    /** What the shopper signs of an opening: its orders, and what ran again once plans have that. */
    public record Told(List<Ordered> orders, List<Rerun> reruns) {
        /** The orders alone where nothing could run again, as always before. */
        public static Object of(List<Ordered> orders, @Nullable List<Rerun> reruns) {
            return reruns == null ? orders : new Told(orders, reruns);
        }
    }

    /** What was never ordered again, or not a second time. */
    public static Rerun without(TaskId task, @Nullable TaskId first, String why) {
        return new Rerun(task, first, null, why.substring(0, Math.min(why.length(), MAX_WHY_CHARS)));
    }

    /** Error: {@link Refused} INVALID_SPEC unless whatever is missing has a reason. */
    void require(boolean secondDue) {
        boolean whole = first != null && (second != null || !secondDue);
        boolean reason = why != null && !why.isBlank() && why.length() <= MAX_WHY_CHARS;
        Refused.unless(
                (whole ? why == null : reason) && (first != null || second == null),
                Reason.INVALID_SPEC,
                "the re-run of " + task + " has the tasks that were due, or the reason why it has not, in at most "
                        + MAX_WHY_CHARS + " characters");
    }
}
