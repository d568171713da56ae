package io.athanor.api.agent;

import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.codec.Json;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.Billing;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Cancel;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Extend;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Forget;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which order an event of a task means for a machine: at most one. */
final class AgentOrders {
    private AgentOrders() {}

    /** An order and whom it is for. */
    record Addressed(MachineId machine, AgentOrder order) {}

    /** What a job's client wants, with the digest that each of its Start orders carries. */
    record Wanted(JobSpec spec, Sha256 digest) {
        static Wanted of(JobSpec spec) {
            return new Wanted(spec, Json.digest(spec));
        }
    }

    /** What was seen before, this event's own lease included. */
    interface Past {
        Optional<Wanted> wanted(JobId job);

        Optional<LeaseRow> lease(LeaseId lease);

        Optional<LeaseRow> openLease(TaskId task);
    }

    /** Empty where no machine is concerned, or the past does not say which. */
    static Optional<Addressed> of(JobEvent event, Past past) {
        return switch (event) {
            case JobAssigned e -> past.lease(e.lease().id()).map(row -> new Addressed(row.machine(), row.start()));
            case JobCancelRequested e ->
                past.openLease(e.task())
                        .map(row -> new Addressed(row.machine(), new Cancel(row.lease(), Ending.CANCELLED)));
            case JobToppedUp e
            when e.paidUntilMillis() > 0 ->
                past.openLease(e.task())
                        .map(row -> new Addressed(row.machine(), new Extend(row.lease(), e.paidUntilMillis())));
            case JobLost e ->
                past.lease(e.lease())
                        .map(row -> new Addressed(
                                row.machine(),
                                e.receipt() == null ? new Cancel(e.lease(), e.ending()) : new Forget(e.lease())));
            case JobCompleted e -> forget(e.receipt(), past);
            case JobFailed e -> forget(e.receipt(), past);
            case JobCancelled e -> forget(e.receipt(), past);
            default -> Optional.empty();
        };
    }

    /** The lease that the event ends, or null. */
    static @Nullable LeaseId ended(JobEvent event) {
        return switch (event) {
            case JobLost e -> e.lease();
            case JobCompleted e -> e.receipt().lease();
            case JobFailed e -> leaseOf(e.receipt());
            case JobCancelled e -> leaseOf(e.receipt());
            default -> null;
        };
    }

    private static @Nullable LeaseId leaseOf(@Nullable Receipt receipt) {
        return receipt == null ? null : receipt.lease();
    }

    private static Optional<Addressed> forget(@Nullable Receipt receipt, Past past) {
        return Optional.ofNullable(receipt)
                .flatMap(taken -> past.lease(taken.lease()))
                .map(row -> new Addressed(row.machine(), new Forget(row.lease())));
    }

    /** The lease that was given, with the order to start it. */
    static LeaseRow leased(Lease lease, Wanted wanted) {
        JobSpec spec = wanted.spec();
        Start start = new Start(
                lease.id(),
                spec,
                env(lease, spec),
                lease.gpus(),
                Billing.paidUntilMillis(spec, lease.price()),
                lease.startBy(),
                wanted.digest());
        return new LeaseRow(lease.id(), lease.machine(), true, start);
    }

    /** The client's variables and the network's own, which no client can set. */
    private static Map<String, String> env(Lease lease, JobSpec spec) {
        Map<String, String> env = new TreeMap<>(spec.env());
        TaskId task = lease.id().task();
        env.put("ATHANOR_JOB_ID", task.job().toString());
        env.put("ATHANOR_TASK_INDEX", Integer.toString(task.index()));
        env.put("ATHANOR_TASK_COUNT", Integer.toString(spec.tasks()));
        env.put("ATHANOR_ATTEMPT", Integer.toString(lease.id().fence()));
        return env;
    }
}
