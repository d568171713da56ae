package io.athanor.domain.canary;

import io.athanor.domain.attestation.Round;
import io.athanor.domain.canary.CanaryGrade.Run;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What an opened plan comes to: what its jobs cost, and who failed. The node takes it when the shopper opens a plan, and whoever
 * replays the history takes it again.
 *
 * @param cost of all jobs, in wei
 * @param offences each once
 */
public record CanaryOpening(Ath cost, List<Offence> offences) {
    public CanaryOpening {
        offences = List.copyOf(offences);
    }

    /** The plan's epoch. */
    public record Window(Instant startsAt, Instant endsAt, Hash32 blockHash) {}

    /**
     * What the history says.
     *
     * @param tasks error: {@link Refused} NOT_FOUND
     * @param earlier canaries that a checker failed within the days that count
     */
    public record Facts(
            Function<TaskId, CanaryTask> tasks,
            Function<MachineId, Machine> machines,
            Function<RoundId, Round> rounds,
            ToIntFunction<Wallet> earlier) {}

    /** Error: {@link Refused} where an order is not what was planned, not at its time, told twice, or not settled. */
    public static CanaryOpening of(
            CanaryPlan plan, List<Ordered> orders, Window window, Facts facts, ProtocolParameters parameters) {
        Refused.unless(
                orders.size() <= plan.plants().size(),
                Reason.INVALID_SPEC,
                "more orders are told than the plan has plants");
        long plants = orders.stream().map(Ordered::plant).distinct().count();
        Refused.unless(plants == orders.size(), Reason.INVALID_SPEC, "a plant is told twice");
        Ath cost = Ath.ZERO;
        List<Offence> offences = new ArrayList<>();
        for (Ordered order : orders) {
            Refused.unless(
                    order.plant() >= 0 && order.plant() < plan.plants().size(),
                    Reason.INVALID_SPEC,
                    "the plan has no plant " + order.plant());
            CanaryTask task = facts.tasks().apply(order.task());
            task.require(plan, order.plant(), window.startsAt(), window.endsAt(), window.blockHash());
            cost = cost.plus(task.cost());
            Run run = run(plan, order, task, facts);
            if (run != null) {
                offences.addAll(CanaryGrade.offences(
                        run, parameters, checker -> facts.earlier().applyAsInt(checker) + failed(offences, checker)));
            }
        }
        return new CanaryOpening(cost, offences);
    }

    /** What this plan has found of a checker so far counts like what earlier plans found. */
    private static int failed(List<Offence> offences, Wallet checker) {
        return (int) offences.stream()
                .filter(offence -> offence instanceof Offence.FailedCanary
                        && offence.accused().operator().equals(checker))
                .count();
    }

    /** Null where no container ran. */
    private static @Nullable Run run(CanaryPlan plan, Ordered order, CanaryTask task, Facts facts) {
        Receipt receipt = task.receipt();
        Lease lease = task.lease();
        Instant endedAt = task.endedAt();
        if (receipt == null || lease == null || endedAt == null) {
            return null;
        }
        RoundId round = task.round();
        return new Run(
                plan.epoch(),
                order.plant(),
                plan.plants().get(order.plant()),
                receipt,
                lease,
                facts.machines().apply(lease.machine()),
                endedAt,
                round == null ? null : facts.rounds().apply(round));
    }
}
