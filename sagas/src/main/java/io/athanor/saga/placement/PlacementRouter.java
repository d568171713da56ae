package io.athanor.saga.placement;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand.AssignJob;
import io.athanor.domain.job.JobCommand.ExplainUnplaced;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Promise;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand.ReserveGpus;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.placement.Demand;
import io.athanor.domain.placement.Filter;
import io.athanor.domain.placement.Offer;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.placement.Scheduler;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.saga.fleet.FleetIndex;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveTask;
import io.athanor.saga.live.TaskQueue;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives queued tasks to machines.
 *
 * <p>For each kind of task in turn, as many as find a machine; the first of a kind that finds none ends the kind's turn
 * until the fleet changes. Reserving and assigning is one order; what the machine's stream refuses is placed again. A
 * task that waits is told why, once for each different answer.
 */
public final class PlacementRouter implements Router {
    private static final String ACTOR = "saga:placement";
    /** Tasks placed in one pass; the rest in the next, so that no pass is long. */
    private static final int TASKS_A_PASS = 512;

    private static final int EXPLANATIONS_A_PASS = 128;
    /** A queue shorter than this is no news to anybody. */
    private static final Duration EXPLAIN_AFTER = Duration.ofSeconds(1);

    private final LiveSet live;
    private final FleetIndex fleet;

    public PlacementRouter(LiveSet live, FleetIndex fleet) {
        this.live = live;
        this.fleet = fleet;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        LiveNetwork network = live.network();
        if (network == null || live.queue().size() == 0) {
            return;
        }
        NetworkPaused pause = network.protocol().pause();
        if (pause != null && pause.isInForce(plan.now())) {
            plan.wakeAt(pause.until(), instance);
            return;
        }
        Turn turn = new Turn(network.protocol().current(), plan);
        live.queue().families().forEach(turn::placeFamily);
        if (turn.left == 0) {
            plan.wakeAt(plan.now(), Instance.PLACEMENT);
        }
    }

    /** One pass over the queue. */
    private final class Turn {
        private final ParametersActivated parameters;
        private final Plan plan;
        private int left = TASKS_A_PASS;
        private int explanations = EXPLANATIONS_A_PASS;

        Turn(ParametersActivated parameters, Plan plan) {
            this.parameters = parameters;
            this.plan = plan;
        }

        /** The kinds of a family in turn, until a task finds no machine whatever it avoids. */
        void placeFamily(TaskQueue.Kind anywhere) {
            PlacementDecision refused = null;
            for (TaskQueue.Kind kind : live.queue().family(anywhere)) {
                if (left == 0 || refused != null && !plan.sweeping()) {
                    return;
                }
                refused = place(kind, refused);
            }
        }

        /** As many of a kind as find a machine. Returns why none is there for any of the family, or null. */
        private @Nullable PlacementDecision place(TaskQueue.Kind kind, @Nullable PlacementDecision known) {
            PlacementDecision refused = known;
            PlacementDecision avoiding = known;
            for (TaskId id : live.queue().of(kind)) {
                if (left == 0 || avoiding != null && !plan.sweeping()) {
                    break;
                }
                LiveTask task = live.task(id);
                if (task == null || plan.busy(Instance.task(id)) || !(task.job() instanceof Job.Queued queued)) {
                    continue;
                }
                if (avoiding == null) {
                    avoiding = placeOne(queued, task);
                    refused = avoiding == null ? null : refusedAnywhere(queued, avoiding);
                }
                if (avoiding != null) {
                    explain(queued, avoiding);
                }
            }
            return refused;
        }

        /** Why there would be no machine either if the task avoided none; null where there is one. */
        private @Nullable PlacementDecision refusedAnywhere(Job.Queued queued, PlacementDecision avoiding) {
            if (!avoiding.rejected().containsKey(Filter.AVOIDED.name())) {
                return avoiding;
            }
            PlacementDecision anywhere = decide(queued, Set.of());
            return anywhere.chosen() == null ? anywhere : null;
        }

        /** Places it, or says why not. */
        private @Nullable PlacementDecision placeOne(Job.Queued queued, LiveTask known) {
            PlacementDecision decision = decide(queued, isPatient(queued) ? known.avoid() : Set.of());
            MachineId chosen = decision.chosen();
            Offer offer = chosen == null ? null : fleet.offer(chosen);
            if (offer == null) {
                return decision;
            }
            assign(queued, decision, offer);
            return null;
        }

        private PlacementDecision decide(Job.Queued queued, Set<MachineId> avoid) {
            TaskId task = queued.order().task();
            Demand demand =
                    new Demand(task, queued.order().spec(), queued.order().client(), avoid);
            return Scheduler.place(demand, fleet.snapshot(), parameters.version(), seed(task, queued.fence()));
        }

        /** Machines that lost the task are avoided only so long: in a small network there may be no others. */
        private boolean isPatient(Job.Queued queued) {
            long millis = parameters.parameters().liveness().suspectMillis();
            return plan.now().isBefore(queued.since().plusMillis(millis));
        }

        private void assign(Job.Queued queued, PlacementDecision decision, Offer offer) {
            Lease lease = lease(queued, offer);
            JobSpec spec = queued.order().spec();
            left--;
            fleet.ask(offer.machine(), lease.id(), lease.gpus(), spec, plan.now());
            TaskId task = queued.order().task();
            plan.send(
                    Instance.task(task),
                    ACTOR,
                    List.of(
                            new ReserveGpus(offer.machine(), lease.id(), lease.gpus(), plan.now()),
                            new AssignJob(task, decision, lease, plan.now())),
                    took -> fleet.answered(offer.machine(), lease.id()));
        }

        private Lease lease(Job.Queued queued, Offer offer) {
            LeaseId id = queued.order().task().lease(queued.fence());
            Ath price = offer.price();
            List<String> gpus = Scheduler.choose(offer, queued.order().spec());
            Ath stake = PenaltyPolicy.required(machine(offer), gpus, parameters.parameters());
            Lease.Agreement agreement = Promise.agreement(queued.order().spec(), price, parameters, stake);
            Instant startBy = plan.now().plusMillis(agreement.startDeadlineMillis());
            return new Lease(id, offer.machine(), offer.provider(), gpus, price, startBy, agreement, offer.simulated());
        }

        private Machine machine(Offer offer) {
            LiveMachine known = live.machine(offer.machine());
            if (known == null) {
                throw new IllegalStateException("an offer of an unknown machine " + offer.machine());
            }
            return known.machine();
        }

        /** Tells a task that waits longer than a moment why, where that is news. */
        private void explain(Job.Queued queued, PlacementDecision decision) {
            Instant due = queued.since().plus(EXPLAIN_AFTER);
            boolean news = !decision.digest().equals(queued.explained());
            if (news && explanations > 0 && plan.sweeping() && !plan.now().isBefore(due)) {
                explanations--;
                TaskId task = queued.order().task();
                plan.send(Instance.task(task), ACTOR, List.of(new ExplainUnplaced(task, decision, plan.now())));
            }
        }
    }

    /** The tie-break: another for each task and attempt, the same for a repeat. */
    private static long seed(TaskId task, int fence) {
        return task.job().value().getLeastSignificantBits() * 31 + task.index() * 31L + fence;
    }
}
