package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hold and its order are one thing: right after the hold come all tasks of the order, submitted and funded, under the
 * hold's own signature and for its whole amount. So nobody's money is set aside without an order, or for fewer tasks
 * than were ordered.
 */
final class OrderCheck implements Check {
    private @Nullable FundsHeld hold;
    private int task;
    private boolean submitted;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        FundsHeld open = hold;
        if (open != null && !goesOn(open, event)) {
            problem.accept("the hold for job " + open.job() + " has to be followed by its order's task " + task);
            hold = null;
        }
        switch (event) {
            case FundsHeld e -> begin(e);
            case JobSubmitted e -> submitted(e, problem);
            case JobFunded e -> funded(before, e, problem);
            default -> {
                // No part of an order.
            }
        }
    }

    private boolean goesOn(FundsHeld open, Event event) {
        TaskId next = open.job().task(task);
        return switch (event) {
            case JobSubmitted e -> !submitted && e.task().equals(next);
            case JobFunded e -> submitted && e.task().equals(next);
            default -> false;
        };
    }

    private void begin(FundsHeld e) {
        hold = e;
        task = 0;
        submitted = false;
    }

    private void submitted(JobSubmitted e, Consumer<String> problem) {
        FundsHeld open = hold;
        Ath wanted = JobCommand.holdOf(e.spec()).times(e.spec().tasks());
        boolean same = open != null
                && open.wallet().equals(e.client())
                && open.amount().equals(wanted)
                && open.authorization().equals(e.authorization());
        if (!same) {
            problem.accept("the order needs a hold of " + wanted + " under its own signature; held was " + open);
        }
        submitted = true;
    }

    private void funded(World before, JobFunded e, Consumer<String> problem) {
        var spec = before.task(e.task()).order().spec();
        Ath part = JobCommand.holdOf(spec);
        if (!part.equals(e.held())) {
            problem.accept("the task's part of the hold is " + part);
        }
        submitted = false;
        task++;
        if (task >= spec.tasks()) {
            hold = null;
        }
    }
}
