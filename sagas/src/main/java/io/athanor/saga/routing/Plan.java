package io.athanor.saga.routing;

import io.athanor.domain.common.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one pass of the routers came to: orders to send, and when to look again. For one thread. */
public final class Plan {
    private final Instant now;
    private final boolean sweeping;
    private final long asOf;
    private final Timers timers;
    private final Predicate<Instance> busy;
    private final List<Step> steps = new ArrayList<>();
    private final Set<Instance> planned = new HashSet<>();
    private final LinkedHashSet<Instance> also = new LinkedHashSet<>();

    Plan(Instant now, boolean sweeping, long asOf, Timers timers, Predicate<Instance> busy) {
        this.now = now;
        this.sweeping = sweeping;
        this.asOf = asOf;
        this.timers = timers;
        this.busy = busy;
    }

    /** In whole milliseconds, the same in the whole pass: what commands are stamped with. */
    public Instant now() {
        return now;
    }

    /** Whether this pass looks at everything; costly explanations wait for it. */
    public boolean sweeping() {
        return sweeping;
    }

    /** Whether an order of this instance is under way or planned, or it backs off or is parked. */
    public boolean busy(Instance instance) {
        return planned.contains(instance) || busy.test(instance);
    }

    /** Sends these together. */
    public void send(Instance instance, String actor, List<? extends Command> commands) {
        add(new Step(instance, actor, "event:" + asOf, List.copyOf(commands), null));
    }

    /** Sends these together, and tells how it ended; then a repeat without an effect is no reason to pause. */
    public void send(Instance instance, String actor, List<? extends Command> commands, Consumer<Boolean> ended) {
        add(new Step(instance, actor, "event:" + asOf, List.copyOf(commands), ended));
    }

    private void add(Step step) {
        if (!planned.add(step.instance())) {
            throw new IllegalStateException(step.instance().text() + " has an order in this pass already");
        }
        steps.add(step);
    }

    /** Takes back what was planned since, where looking failed. */
    void dropSince(int size) {
        List<Step> dropped = steps.subList(size, steps.size());
        dropped.forEach(step -> {
            planned.remove(step.instance());
            step.end(false);
        });
        dropped.clear();
    }

    /** Looks at the instance again, at the latest then. */
    public void wakeAt(Instant at, Instance instance) {
        timers.add(at, instance);
    }

    /** Looks at this one too, once, after what else is due in this pass. */
    public void also(Instance instance) {
        also.add(instance);
    }

    @Nullable Instance next() {
        return also.isEmpty() ? null : also.removeFirst();
    }

    List<Step> steps() {
        return steps;
    }
}
