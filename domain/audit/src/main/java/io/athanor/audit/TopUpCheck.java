package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.HoldRaised;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A raised hold and its job's raised cap are one thing: right after the hold come all tasks of the job, under its signature,
 * and what they add together is what the hold was raised by.
 */
final class TopUpCheck implements Check {
    private @Nullable HoldRaised hold;
    private Ath left = Ath.ZERO;
    private int task;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        HoldRaised open = hold;
        if (event instanceof JobToppedUp e) {
            toppedUp(before, open, e, problem);
        } else {
            if (open != null) {
                problem.accept(
                        "the hold of job " + open.job() + " was raised by " + left + " more than its tasks' caps");
            }
            hold = event instanceof HoldRaised e ? e : null;
            left = event instanceof HoldRaised e ? e.added() : Ath.ZERO;
            task = 0;
        }
    }

    private void toppedUp(World before, @Nullable HoldRaised open, JobToppedUp e, Consumer<String> problem) {
        boolean same = open != null
                && e.task().equals(open.job().task(task))
                && e.authorization().equals(open.authorization())
                && left.covers(e.added());
        if (!same) {
            problem.accept("a higher cap needs a raised hold under its own signature; it was " + open);
            hold = null;
            return;
        }
        left = left.minus(e.added());
        task++;
        if (task >= before.task(e.task()).order().spec().tasks()) {
            if (!left.isZero()) {
                problem.accept("the hold was raised by " + left + " more than its tasks' caps");
            }
            hold = null;
        }
    }
}
