package io.athanor.saga.placement;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.JobCommand.ExpireJob;
import io.athanor.domain.job.JobCommand.LoseJob;
import io.athanor.domain.job.JobCommand.RequeueJob;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.MachineCommand.ReleaseGpus;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.saga.fleet.FleetIndex;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveTask;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Every deadline of a task, and what follows when a lease goes wrong.
 *
 * <p>Queued too long: expired. Not started in time, or running far beyond its duration without a word: the lease is
 * lost, its GPUs are released. Lost: queued again, elsewhere, or failed where the attempts are used up. Ended without a
 * container: judged at once, since there is nothing to attest. A deadline that passed while nobody listened counts from
 * when listening began again.
 */
public final class TaskRouter implements Router {
    private static final String ACTOR = "saga:tasks";

    private final LiveSet live;
    private final FleetIndex fleet;

    public TaskRouter(LiveSet live, FleetIndex fleet) {
        this.live = live;
        this.fleet = fleet;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        LiveTask task = live.task((TaskId) instance.id());
        LiveNetwork network = live.network();
        if (task == null || network == null) {
            return;
        }
        ProtocolParameters parameters = network.protocol().current().parameters();
        switch (task.job()) {
            case Job.Queued queued -> queued(instance, queued, parameters, plan);
            case Job.Leased leased -> leased(instance, leased, parameters, plan);
            case Job.Lost lost -> lost(instance, lost, parameters, plan);
            case Job.Ended ended -> ended(instance, ended, parameters, plan);
            case Job.None none -> {}
            case Job.Verified verified -> {}
            case Job.Settled settled -> {}
        }
    }

    private void queued(Instance instance, Job.Queued queued, ProtocolParameters parameters, Plan plan) {
        long millis = parameters.sla().queueTtlMillis();
        Instant until = queued.since().plusMillis(millis);
        if (plan.now().isBefore(until)) {
            plan.wakeAt(until, instance);
            plan.also(Instance.PLACEMENT);
            return;
        }
        String why = "no machine took it within " + millis + " ms";
        plan.send(instance, ACTOR, List.of(new ExpireJob(queued.order().task(), why, plan.now())));
    }

    private void leased(Instance instance, Job.Leased leased, ProtocolParameters parameters, Plan plan) {
        Instant startedAt = leased.startedAt();
        Instant listening = fleet.listeningSince();
        if (startedAt == null) {
            Instant startBy = leased.lease().startBy();
            long again = parameters.market().startTtlMillis();
            Instant until = startBy.isBefore(listening) ? listening.plusMillis(again) : startBy;
            loseAt(until, instance, leased, Ending.START_DEADLINE, "not started in time", plan);
        } else {
            Instant end = startedAt
                    .plusMillis(leased.order().spec().maxDurationMillis())
                    .plusMillis(parameters.liveness().leaseTtlMillis());
            Instant heard = listening.plusMillis(parameters.liveness().offlineMillis());
            Instant until = end.isBefore(heard) ? heard : end;
            loseAt(until, instance, leased, Ending.LEASE_EXPIRED, "no word of its end", plan);
        }
    }

    private void loseAt(Instant until, Instance instance, Job.Leased leased, Ending ending, String detail, Plan plan) {
        if (plan.now().isBefore(until)) {
            plan.wakeAt(until, instance);
            return;
        }
        LeaseId lease = leased.lease().id();
        plan.send(
                instance,
                ACTOR,
                List.of(
                        new LoseJob(lease.task(), lease, ending, detail, plan.now()),
                        new ReleaseGpus(leased.lease().machine(), lease, plan.now())));
    }

    private void lost(Instance instance, Job.Lost lost, ProtocolParameters parameters, Plan plan) {
        List<Command> commands = new ArrayList<>();
        LeaseId lease = lost.lease().id();
        if (isReserved(lost.lease().machine(), lease)) {
            commands.add(new ReleaseGpus(lost.lease().machine(), lease, plan.now()));
        }
        commands.add(new RequeueJob(lease.task(), parameters.sla().maxAttempts(), plan.now()));
        plan.send(instance, ACTOR, commands);
    }

    private boolean isReserved(MachineId id, LeaseId lease) {
        LiveMachine machine = live.machine(id);
        return machine != null && machine.machine().reserved().containsKey(lease);
    }

    private void ended(Instance instance, Job.Ended ended, ProtocolParameters parameters, Plan plan) {
        if (ended.receipt() == null) {
            var assessment = SlaVerdict.assess(ended, null, null, parameters);
            plan.send(instance, ACTOR, List.of(new AssessJob(ended.order().task(), assessment, plan.now())));
        }
    }
}
