package io.athanor.query.testing;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.authorization;
import static io.athanor.query.testing.Ids.hash;
import static io.athanor.query.testing.Ids.sha256;
import static io.athanor.query.testing.Ids.wallet;

import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobRequeued;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.placement.PlacementDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The events of one job, step by step, as the rules give them. */
public final class Jobs {
    public static final Wallet PROVIDER = wallet(200);
    public static final Ath CAP_OF_TASK = Ath.ofWhole(2);
    public static final Ath COST = Ath.ofWei(720_000_000_000_000_000L);
    public static final RoundId DELIVERIES = new RoundId(0, RoundId.Kind.DELIVERY, 0, 0);

    private static final Ath FEE = COST.bps(2_000);

    private Jobs() {}

    public static JobSpec spec(int tasks) {
        return new JobSpec(
                "tiles",
                "localhost:8486/render@" + sha256("image"),
                List.of("/render", "\"scene\"\\\t{,}"),
                Map.of("QUALITY", "high", "MODE", "fast"),
                tasks,
                new JobSpec.GpuDemand(2, "H100", 40_000, true),
                4_000,
                8_192,
                3_600_000,
                Ath.ofWei(200_000_000_000_000L),
                CAP_OF_TASK.times(tasks),
                Map.of("scene.json", new JobSpec.Input(sha256("scene"), 1_234)),
                JobSpec.Network.NONE,
                Set.of(new Region("eu-west"), new Region("us-east"), new Region("ap-south")));
    }

    /** The hold and every task's order, in one unit of work. */
    public static List<Event> submit(JobId job, Wallet client, int tasks, long millis) {
        List<Event> events = new ArrayList<>();
        JobSpec spec = spec(tasks);
        events.add(new FundsHeld(client, job, CAP_OF_TASK.times(tasks), authorization(client, millis), at(millis)));
        for (TaskId task : tasks(job, tasks)) {
            events.add(new JobSubmitted(task, client, spec, authorization(client, millis), at(millis)));
            events.add(new JobFunded(task, CAP_OF_TASK, at(millis)));
        }
        return events;
    }

    public static List<TaskId> tasks(JobId job, int tasks) {
        return IntStream.range(0, tasks).mapToObj(job::task).toList();
    }

    public static Lease lease(LeaseId id, MachineId machine, long millis) {
        return new Lease(
                id,
                machine,
                PROVIDER,
                gpus(),
                Ath.ofWei(100_000_000_000_000L),
                at(millis + 300_000),
                new Lease.Agreement(990_000, 300_000, 1),
                true);
    }

    private static List<String> gpus() {
        return List.of("GPU-1", "GPU-2");
    }

    public static PlacementDecision decision(@Nullable MachineId machine) {
        List<PlacementDecision.Scored> top = machine == null
                ? List.of()
                : List.of(new PlacementDecision.Scored(
                        machine, Ath.ofWei(100_000_000_000_000L), Map.of("price", 900_000L, "spread", 5L), 912_345));
        return new PlacementDecision(machine, 17, Map.of("online", 3, "model", 9, "price", 4), top, 41, 1, 99);
    }

    /** Reservation and assignment, in one unit of work. */
    public static List<Event> assign(TaskId task, int fence, MachineId machine, long millis) {
        LeaseId lease = task.lease(fence);
        return List.of(
                new GpusReserved(machine, lease, gpus(), at(millis)),
                new PlacementDecided(task, decision(machine), at(millis)),
                new JobAssigned(task, lease(lease, machine, millis), at(millis)));
    }

    public static Event start(TaskId task, int fence, long millis) {
        return new JobStarted(task, task.lease(fence), "c0ffee" + fence, at(millis));
    }

    public static Receipt receipt(LeaseId lease, Ending ending, long millis) {
        return new Receipt(
                lease,
                "c0ffee" + lease.fence(),
                "localhost:8486/render@" + sha256("image"),
                ending,
                ending == Ending.COMPLETED ? 0 : 1,
                at(millis - 3_600),
                at(millis),
                3_600,
                List.of(new Receipt.Output("tile.ppm", sha256(lease.toString()), 3_072)),
                sha256("log"),
                120,
                "0x" + "22".repeat(64));
    }

    public static List<Event> complete(TaskId task, int fence, MachineId machine, long millis) {
        LeaseId lease = task.lease(fence);
        return List.of(
                new JobCompleted(task, receipt(lease, Ending.COMPLETED, millis), at(millis)),
                new GpusReleased(machine, lease, at(millis)));
    }

    public static List<Event> lose(TaskId task, int fence, MachineId machine, long millis) {
        LeaseId lease = task.lease(fence);
        return List.of(
                new JobLost(task, lease, Ending.MACHINE_OFFLINE, "no sign of life for 180 s", null, at(millis)),
                new GpusReleased(machine, lease, at(millis)),
                new JobRequeued(task, fence + 1, at(millis)));
    }

    public static Assessment assessment(TaskId task) {
        return new Assessment(
                Outcome.DELIVERED,
                DELIVERIES,
                3_600,
                COST,
                COST.minus(FEE),
                FEE,
                CAP_OF_TASK.minus(COST),
                hash(task.toString()),
                1,
                true);
    }

    public static Event assess(TaskId task, long millis) {
        return new SlaAssessed(task, assessment(task), at(millis));
    }

    public static JobSettled settle(TaskId task, long epoch, Wallet client, long millis) {
        return new JobSettled(task, epoch, client, PROVIDER, assessment(task), at(millis));
    }
}
