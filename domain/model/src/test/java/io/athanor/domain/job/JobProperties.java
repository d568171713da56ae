package io.athanor.domain.job;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobProperties {
    private static final int HISTORIES = 10_000;
    private static final int STEPS = 14;
    private static final int ATTEMPTS = 3;
    private static final RoundId ROUND = new RoundId(1, RoundId.Kind.DELIVERY, 0, 0);

    /** The transition table of {@link Job}; a state may always stay. */
    private static final Map<String, Set<String>> LEGAL = Map.of(
            "NONE", Set.of("QUEUED"),
            "QUEUED", Set.of("ASSIGNED", "CANCELLED", "FAILED"),
            "ASSIGNED", Set.of("RUNNING", "COMPLETED", "FAILED", "CANCELLED", "LOST"),
            "RUNNING", Set.of("COMPLETED", "FAILED", "CANCELLED", "LOST"),
            "LOST", Set.of("QUEUED", "FAILED", "CANCELLED"),
            "COMPLETED", Set.of("VERIFIED"),
            "FAILED", Set.of("VERIFIED"),
            "CANCELLED", Set.of("VERIFIED"),
            "VERIFIED", Set.of("SETTLED"),
            "SETTLED", Set.of());

    @Test
    void historiesTakeLegalTransitionsAndOneReceipt() {
        Cases.forAll(HISTORIES, samples -> {
            History history = new History(samples);
            for (int step = 0; step < STEPS; step++) {
                history.take(history.command(step));
            }
            assertThat(history.finalReceipts).isLessThanOrEqualTo(1);
            assertThat(history.settlements).isLessThanOrEqualTo(1);
        });
    }

    /** One random history. */
    private static final class History {
        private final Samples samples;
        private final TaskId task;
        private final Wallet client;
        private final Authorization signed;
        private final JobSpec spec;
        private final List<Lease> leases = new ArrayList<>();
        private Job job = Job.empty();
        private int fence;
        private int finalReceipts;
        private int settlements;

        History(Samples samples) {
            this.samples = samples;
            task = samples.task();
            client = samples.wallet();
            signed = samples.authorization(client);
            spec = samples.spec();
            for (int f = 1; f <= ATTEMPTS + 1; f++) {
                leases.add(samples.lease(task.lease(f), spec));
            }
        }

        JobCommand command(int step) {
            Lease lease = samples.oneOf(leases.subList(0, Math.min(leases.size(), Math.max(1, fence) + 1)));
            return switch (samples.between(0, 10)) {
                case 0 -> new JobCommand.SubmitJob(task, client, spec, signed, at(step));
                case 1, 2 -> new JobCommand.AssignJob(task, Samples.decision(lease), lease, at(step));
                case 3 ->
                    new JobCommand.StartJob(task, lease.id(), "c" + lease.id().fence(), at(step));
                case 4 -> new JobCommand.EndJob(task, receipt(lease), at(step));
                case 5 -> new JobCommand.LoseJob(task, lease.id(), Ending.MACHINE_OFFLINE, "silent", at(step));
                case 6 -> new JobCommand.RequeueJob(task, ATTEMPTS, at(step));
                case 7 ->
                    samples.chance(30)
                            ? new JobCommand.CancelJob(task, "no", signed, at(step))
                            : new JobCommand.SubmitJob(task, client, spec, signed, at(step));
                case 8 ->
                    samples.chance(10)
                            ? new JobCommand.ExpireJob(task, "late", at(step))
                            : new JobCommand.AssignJob(task, Samples.decision(lease), lease, at(step));
                case 9 -> new JobCommand.AssessJob(task, assessment(), at(step));
                default -> new JobCommand.SettleJob(task, 1, at(step));
            };
        }

        private Receipt receipt(Lease lease) {
            return samples.receipt(lease.id(), samples.oneOf(List.of(Ending.values())), 1_000);
        }

        private Assessment assessment() {
            RoundId round = samples.chance(50) ? ROUND : null;
            return new Assessment(
                    Outcome.NOT_DELIVERED,
                    round,
                    0,
                    Ath.ZERO,
                    Ath.ZERO,
                    Ath.ZERO,
                    spec.capOfTask(),
                    Hash32.ZERO,
                    1,
                    false);
        }

        void take(JobCommand command) {
            List<JobEvent> events;
            try {
                events = job.decide(command);
            } catch (Refused refused) {
                assertThat(refused.reason())
                        .isIn(Reason.WRONG_STATE, Reason.STALE_FENCE, Reason.NOT_FOUND, Reason.ID_TAKEN);
                return;
            }
            for (JobEvent event : events) {
                String before = job.name();
                job = job.evolve(event);
                assertThat(job.name().equals(before)
                                || LEGAL.getOrDefault(before, Set.of()).contains(job.name()))
                        .as(before + " -" + event.getClass().getSimpleName() + "-> " + job.name())
                        .isTrue();
                count(event);
            }
        }

        private void count(JobEvent event) {
            switch (event) {
                case JobCompleted e -> finalReceipts++;
                case JobFailed e -> finalReceipts += e.receipt() == null ? 0 : 1;
                case JobCancelled e -> finalReceipts += e.receipt() == null ? 0 : 1;
                case JobEvent.JobSettled e -> settlements++;
                case JobEvent.JobAssigned e -> {
                    assertThat(e.lease().id().fence())
                            .as("the fence only rises")
                            .isGreaterThan(fence);
                    fence = e.lease().id().fence();
                }
                default -> {
                    // Neither a receipt, nor a lease, nor a settlement.
                }
            }
        }
    }
}
