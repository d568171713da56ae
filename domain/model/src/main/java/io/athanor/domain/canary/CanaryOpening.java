package io.athanor.domain.canary;

import io.athanor.domain.attestation.Round;
import io.athanor.domain.canary.CanaryGrade.Run;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.protocol.Accountability.Canaries;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What an opened plan comes to: what its jobs cost, who failed, and what was not delivered. The node takes it when the shopper
 * opens a plan, and whoever replays the history takes it again.
 *
 * <p>Invariant: where parameters have a {@link Vetting}, every plant is told with its task or with the reason why nothing was
 * ordered, and its wallet ordered that and nothing else.
 *
 * @param cost of all jobs, in wei
 * @param offences each once
 * @param undelivered in the order of the plants; null where parameters have no {@link Vetting}
 * @param irreproducible images of which three owners' machines gave three results for one order; null as well
 */
public record CanaryOpening(
        Ath cost,
        List<Offence> offences,
        @Nullable List<Undelivered> undelivered,
        @Nullable List<Sha256> irreproducible) {
    public CanaryOpening {
        offences = List.copyOf(offences);
        undelivered = undelivered == null ? null : List.copyOf(undelivered);
        irreproducible = irreproducible == null ? null : List.copyOf(irreproducible);
    }

    /** The plan's epoch. */
    public record Window(Instant startsAt, Instant endsAt, Hash32 blockHash) {}

    /**
     * What the history says.
     *
     * @param tasks error: {@link Refused} NOT_FOUND
     * @param deliveries of which the sample is drawn: the node looks at those that are told, whoever replays at all there were
     * @param groups the owner group of a provider
     * @param ordered every job that a wallet has ordered
     * @param earlier canaries that a checker failed within the days that count
     */
    public record Facts(
            Function<TaskId, CanaryTask> tasks,
            Supplier<List<CanaryTask>> deliveries,
            Function<MachineId, Machine> machines,
            Function<Wallet, String> groups,
            Function<RoundId, Round> rounds,
            Function<Wallet, Set<JobId>> ordered,
            ToIntFunction<Wallet> earlier) {}

    /** What the opened plan's parameters say, null where they say nothing of it. */
    public static @Nullable Vetting vetting(ProtocolParameters parameters) {
        Canaries canaries = parameters.accountable().canaries();
        return canaries == null ? null : canaries.vetting();
    }

    /**
     * Error: {@link Refused} where an order is not what was planned, not at its time, told twice, left out, or not settled.
     *
     * @param reruns what was drawn to run again, in the order of the draw; null as none
     */
    public static CanaryOpening of(
            CanaryPlan plan,
            List<Ordered> orders,
            @Nullable List<Rerun> reruns,
            Window window,
            Facts facts,
            ProtocolParameters parameters) {
        CanaryOpening known = of(plan, orders, window, facts, parameters);
        Vetting vetting = vetting(parameters);
        List<Rerun> told = reruns == null ? List.of() : reruns;
        if (vetting == null) {
            Refused.unless(told.isEmpty(), Reason.INVALID_SPEC, "nothing runs again in this network");
            return known;
        }
        return new RerunGrade(plan, window, facts, parameters, vetting).with(known, told);
    }

    private static CanaryOpening of(
            CanaryPlan plan, List<Ordered> orders, Window window, Facts facts, ProtocolParameters parameters) {
        requireTold(plan, orders, facts, vetting(parameters) != null);
        Ath cost = Ath.ZERO;
        List<Run> runs = new ArrayList<>();
        for (Ordered order : orders) {
            if (order.task() != null) {
                CanaryTask task = facts.tasks().apply(order.task());
                task.require(plan, order.plant(), window.startsAt(), window.endsAt(), window.blockHash());
                cost = cost.plus(task.cost());
                Run run = run(plan.epoch(), order.plant(), plan.plants().get(order.plant()), task, facts);
                if (run != null) {
                    runs.add(run);
                }
            }
        }
        return graded(cost, runs, facts, parameters);
    }

    private static CanaryOpening graded(Ath cost, List<Run> runs, Facts facts, ProtocolParameters parameters) {
        List<Offence> offences = new ArrayList<>();
        for (Run run : runs) {
            offences.addAll(CanaryGrade.offences(
                    run, runs, parameters, checker -> facts.earlier().applyAsInt(checker) + failed(offences, checker)));
        }
        Vetting vetting = vetting(parameters);
        return vetting == null
                ? new CanaryOpening(cost, offences, null, null)
                : new CanaryOpening(cost, offences, CanaryGrade.undelivered(runs, vetting), List.of());
    }

    /** @param all whether every plant has to be told of */
    private static void requireTold(CanaryPlan plan, List<Ordered> orders, Facts facts, boolean all) {
        int plants = plan.plants().size();
        Refused.unless(orders.size() <= plants, Reason.INVALID_SPEC, "more orders are told than the plan has plants");
        long told = orders.stream().map(Ordered::plant).distinct().count();
        Refused.unless(told == orders.size(), Reason.INVALID_SPEC, "a plant is told twice");
        for (Ordered order : orders) {
            Refused.unless(
                    order.plant() >= 0 && order.plant() < plants,
                    Reason.INVALID_SPEC,
                    "the plan has no plant " + order.plant());
            order.require();
            if (all) {
                requireAlone(plan.plants().get(order.plant()).client(), order.task(), facts);
            }
        }
        Refused.unless(
                !all || orders.size() == plants,
                Reason.INVALID_SPEC,
                "of " + plants + " plants " + orders.size()
                        + " are told: what was never ordered is told with the reason");
    }

    static void requireAlone(Wallet client, @Nullable TaskId task, Facts facts) {
        Set<JobId> known = facts.ordered().apply(client);
        Set<JobId> told = task == null ? Set.of() : Set.of(task.job());
        Refused.unless(
                known.equals(told),
                Reason.INVALID_SPEC,
                client + " ordered " + known.size() + " jobs, and " + (task == null ? "none" : task) + " is told");
    }

    /** What this plan has found of a checker so far counts like what earlier plans found. */
    private static int failed(List<Offence> offences, Wallet checker) {
        return (int) offences.stream()
                .filter(offence -> offence instanceof Offence.FailedCanary
                        && offence.accused().operator().equals(checker))
                .count();
    }

    /** Null where no container ran. */
    static @Nullable Run run(long epoch, int number, Plant plant, CanaryTask task, Facts facts) {
        Receipt receipt = task.receipt();
        Lease lease = task.lease();
        Instant endedAt = task.endedAt();
        if (receipt == null || lease == null || endedAt == null) {
            return null;
        }
        RoundId round = task.round();
        Machine known = facts.machines().apply(lease.machine());
        Wallet provider = known.provider();
        return new Run(
                epoch,
                number,
                plant,
                receipt,
                lease,
                known,
                provider == null ? "" : facts.groups().apply(provider),
                endedAt,
                round == null ? null : facts.rounds().apply(round));
    }
}
