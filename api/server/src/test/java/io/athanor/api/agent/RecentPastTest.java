package io.athanor.api.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.agent.AgentOrders.Addressed;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobRequeued;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Cancel;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentPastTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Authorization SIGNED =
            new Authorization(new CommandId(new UUID(7, 7)), Wallet.ZERO, Wallet.ZERO, AT, "0x");
    private static final JobSpec SPEC = new JobSpec(
            "tiles",
            "image",
            List.of(),
            Map.of("A", "1", "ATHANOR_TASK_INDEX", "99"),
            3,
            new JobSpec.GpuDemand(1, null, 0, true),
            1_000,
            512,
            60_000,
            Ath.ofWei(2_000),
            Ath.ofWei(300),
            Map.of(),
            JobSpec.Network.NONE,
            Set.of());

    private final TaskId task = new JobId(new UUID(1, 1)).task(2);
    private final MachineId machine = new MachineId(new UUID(2, 2));
    private final RecentPast past = new RecentPast();

    private Optional<Addressed> after(JobEvent event) {
        past.see(event);
        return AgentOrders.of(event, past);
    }

    private JobAssigned assigned(int fence) {
        Lease lease = new Lease(
                task.lease(fence),
                machine,
                Wallet.ZERO,
                List.of("GPU-1"),
                Ath.ofWei(1_000),
                AT,
                new Lease.Agreement(1, 1, 1),
                true);
        return new JobAssigned(task, lease, AT);
    }

    @Test
    void aStartCarriesTheSpecTheMoneysTimeAndTheNetworksOwnVariables() {
        assertThat(after(assigned(1))).isEmpty();
        assertThat(after(new JobSubmitted(task, Wallet.ZERO, SPEC, SIGNED, AT))).isEmpty();
        Addressed start = after(assigned(1)).orElseThrow();
        assertThat(start.machine()).isEqualTo(machine);
        assertThat(start.order()).isInstanceOfSatisfying(Start.class, order -> {
            assertThat(order.env())
                    .containsEntry("A", "1")
                    .containsEntry("ATHANOR_TASK_INDEX", "2")
                    .containsEntry("ATHANOR_TASK_COUNT", "3")
                    .containsEntry("ATHANOR_ATTEMPT", "1");
            assertThat(order.paidUntilMillis()).isEqualTo(100);
            assertThat(order.specDigest()).isEqualTo(Json.digest(SPEC));
        });
    }

    @Test
    void cancelsGoToWhoeverHoldsTheTaskNow() {
        past.see(new JobSubmitted(task, Wallet.ZERO, SPEC, SIGNED, AT));
        past.see(assigned(1));
        LeaseId first = task.lease(1);
        assertThat(after(new JobLost(task, first, Ending.MACHINE_OFFLINE, "silent", null, AT)))
                .contains(new Addressed(machine, new Cancel(first, Ending.MACHINE_OFFLINE)));
        assertThat(after(new JobCancelRequested(task, "enough", SIGNED, AT))).isEmpty();
        assertThat(after(new JobRequeued(task, 2, AT))).isEmpty();
        past.see(assigned(2));
        assertThat(after(new JobCancelRequested(task, "enough", SIGNED, AT)))
                .contains(new Addressed(machine, new Cancel(task.lease(2), Ending.CANCELLED)));
    }
}
