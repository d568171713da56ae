package io.athanor.cli;

import io.athanor.audit.ExportLine;
import io.athanor.domain.canary.CanaryOpening;
import io.athanor.domain.canary.CanaryOpening.Window;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryTask;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.canary.RerunDraw;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.TaskView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of the plan's epoch that run again: drawn from the public history once the epoch is over, ordered by the plan's spare
 * wallets, and a second time where the first run does not agree or came to a machine of the same owner.
 */
final class CanaryReruns {
    private final Session session;
    private final CanaryOrders orders;
    private final CanaryPlanner planner;
    private final CanaryPlan plan;

    CanaryReruns(Session session, CanaryOrders orders, CanaryPlanner planner, CanaryPlan plan) {
        this.session = session;
        this.orders = orders;
        this.planner = planner;
        this.plan = plan;
    }

    private record Ran(
            TaskId task,
            @Nullable Receipt receipt,
            @Nullable String group) {
        boolean agreesWith(Ran other) {
            return receipt != null
                    && other.receipt != null
                    && group != null
                    && !group.equals(other.group)
                    && receipt.ending() == Ending.COMPLETED
                    && SlaVerdict.resultDigest(receipt).equals(SlaVerdict.resultDigest(other.receipt));
        }
    }

    /** What was drawn, in the order of the draw; null in a network that runs nothing again. */
    @Nullable List<Rerun> order(EpochView epoch) throws IOException {
        Vetting vetting = CanaryOpening.vetting(session.network().parameters());
        if (vetting == null) {
            return null;
        }
        // What was said in the epoch's last moment is in the history before the next but one begins.
        orders.opened(plan.epoch() + 2);
        Window window = new Window(epoch.startsAt(), epoch.endsAt(), epoch.blockHash());
        List<CanaryTask> sample = RerunDraw.sample(plan, window, history(vetting), vetting);
        List<Rerun> reruns = new ArrayList<>();
        for (CanaryTask drawn : sample) {
            reruns.add(again(reruns.size(), drawn));
        }
        return reruns;
    }

    /** Every task that may be drawn, as the public history has it. */
    private List<CanaryTask> history(Vetting vetting) throws IOException {
        Map<TaskId, CanaryTask> tasks = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(session.server().stream("/v1/audit/export?after=0"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ExportLine event = ExportLine.parse(line);
                if (event.name().startsWith("job.") && event.event() instanceof JobEvent e) {
                    tasks.compute(e.task(), (id, task) -> after(task, e, vetting));
                }
            }
        }
        return List.copyOf(tasks.values());
    }

    private static @Nullable CanaryTask after(@Nullable CanaryTask before, JobEvent event, Vetting vetting) {
        CanaryTask task = CanaryTask.after(before, event);
        return task != null && RerunDraw.mayRunAgain(task.submitted().spec(), vetting) ? task : null;
    }

    private Rerun again(int item, CanaryTask drawn) throws IOException {
        TaskId task = drawn.submitted().task();
        JobSpec spec = drawn.submitted().spec();
        session.say(task + " was drawn to run again");
        Ran original = ran(task);
        TaskId first = null;
        try {
            first = order(2 * item, spec);
            if (ran(first).agreesWith(original)) {
                return new Rerun(task, first, null, null);
            }
            return new Rerun(task, first, order(2 * item + 1, spec), null);
        } catch (Failure refused) {
            session.say(task + ": " + refused.getMessage());
            return Rerun.without(task, first, String.valueOf(refused.getMessage()));
        }
    }

    private TaskId order(int spare, JobSpec spec) throws IOException {
        int number = plan.plants().size() + spare;
        JobId job =
                orders.order(planner.key(plan.epoch(), number), planner.job(plan.epoch(), number, Instant.now()), spec);
        return orders.settled(job).tasks().getFirst().id();
    }

    private Ran ran(TaskId id) throws IOException {
        TaskView view = orders.settled(id.job()).tasks().getFirst();
        Wallet provider = view.provider();
        String group = provider == null
                ? null
                : session.server()
                        .find("/v1/providers/" + provider, ProviderView.class)
                        .map(ProviderView::ownerGroup)
                        .orElse(null);
        return new Ran(id, view.receipt(), group);
    }
}
