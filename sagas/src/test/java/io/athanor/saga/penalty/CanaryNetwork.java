package io.athanor.saga.penalty;

import io.athanor.codec.Json;
import io.athanor.domain.account.AccountCommand.CreditCanaries;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.canary.CanaryOpening;
import io.athanor.domain.canary.CanaryOpening.Facts;
import io.athanor.domain.canary.CanaryOpening.Window;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.canary.CanaryTask;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.Receipt.Output;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolCommand.CommitCanaries;
import io.athanor.domain.protocol.ProtocolCommand.OpenCanaries;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A simulated network with a mystery shopper and two machines of two owners, whose containers write what they are told to. */
abstract class CanaryNetwork {
    static final Duration CERTIFIED = Duration.ofSeconds(40);
    static final Duration SETTLED = Duration.ofSeconds(80);
    static final Duration EXECUTED =
            Duration.ofMillis(4 * Samples.DEVNET.timing().dayMillis());
    /** As many as the GPUs of two machines: where they run long enough, each has half of them. */
    static final int PLANTS = 8;

    static final String KNOWN = "the known result";
    static final int FIRST_JOB = 9_000;
    /** The day is over, and so are its books. */
    static final Duration SCORED = Duration.ofMillis(3 * Samples.DEVNET.timing().dayMillis());

    final SimNetwork network = new SimNetwork(6, Faults.NONE);
    final Wallet provider = network.provider(1);
    final Wallet shopper = Objects.requireNonNull(Samples.DEVNET.accountable().canaries(), "the profile has a shopper")
            .shopper();
    List<SimChecker> checkers = List.of();

    @Nullable SimMachine machine;

    @Nullable SimMachine other;

    SimMachine machine() {
        return Objects.requireNonNull(machine, "the network has begun");
    }

    SimMachine other() {
        return Objects.requireNonNull(other, "the network has begun");
    }

    void begin() {
        network.send(new CreditBond(
                PoolId.ofProvider(provider), 9, Ath.ofWhole(100_000), Samples.hash("bond"), 4, network.now()));
        machine = network.machine(1, provider, 4, true);
        other = network.machine(2, network.provider(2), 4, true);
        // Few enough that all of them sit in every round.
        checkers = network.checkers(5);
        checkers.forEach(checker -> {
            checker.sees(machine());
            checker.sees(other());
        });
        network.run(CERTIFIED);
        // Somebody's fees, of which the treasury pays the shopper back.
        network.submit(network.client(1), 1, Samples.spec(4, 1));
        network.run(SETTLED);
    }

    static JobId job(int plant) {
        return Samples.job(FIRST_JOB + plant);
    }

    CanaryPlan plan(String known) {
        byte[] content = known.getBytes(StandardCharsets.UTF_8);
        Hash32 digest = SlaVerdict.resultDigest(List.of(new Output("tile.ppm", Sha256.of(content), 64)));
        long newest = Objects.requireNonNull(network.live().newestEpoch());
        List<Plant> plants = new ArrayList<>();
        for (int i = 0; i < PLANTS; i++) {
            plants.add(new Plant(network.client(50 + i), Samples.spec(1, 1), Fact.DELIVERED, digest));
        }
        return new CanaryPlan(newest + 3, Samples.hash("secret"), plants);
    }

    void both(String result) {
        machine().gives(result);
        other().gives(result);
        machine().runFor(20_000, 1);
        other().runFor(20_000, 1);
    }

    List<Ordered> order(CanaryPlan plan) {
        begun(plan);
        return ordered(plan);
    }

    /** Fixed, and its epoch has opened. */
    void begun(CanaryPlan plan) {
        long newest = Objects.requireNonNull(network.live().newestEpoch());
        network.send(new CommitCanaries(
                plan.epoch(), Json.digest(plan), newest, Samples.signed(shopper, 7_001), network.now()));
        while (opening(plan) == null) {
            network.run(SimNetwork.TICK);
        }
    }

    List<Ordered> ordered(CanaryPlan plan) {
        EpochOpened epoch = Objects.requireNonNull(opening(plan));
        List<Ordered> orders = new ArrayList<>();
        for (int i : plan.inOrder(epoch.startsAt(), epoch.endsAt(), epoch.blockHash())) {
            Instant at = plan.orderAt(i, epoch);
            while (network.now().isBefore(at)) {
                network.run(SimNetwork.TICK);
            }
            Plant plant = plan.plants().get(i);
            if (plant.digest().equals(Hash32.ZERO)) {
                orders.add(Ordered.never(i, "no deposit came"));
            } else {
                network.submit(plant.client(), FIRST_JOB + i, plant.spec());
                orders.add(new Ordered(i, job(i).task(0)));
            }
        }
        network.run(SETTLED);
        return orders;
    }

    @Nullable EpochOpened opening(CanaryPlan plan) {
        return network.all(EpochOpened.class).stream()
                .filter(epoch -> epoch.epoch() == plan.epoch())
                .findFirst()
                .orElse(null);
    }

    CanaryTask task(TaskId id) {
        CanaryTask task = null;
        for (JobEvent event : network.all(JobEvent.class)) {
            task = event.task().equals(id) ? CanaryTask.after(task, event) : task;
        }
        return Objects.requireNonNull(task);
    }

    Set<JobId> orderedBy(Wallet wallet) {
        return network.all(JobSubmitted.class).stream()
                .filter(job -> job.client().equals(wallet))
                .map(job -> job.task().job())
                .collect(Collectors.toSet());
    }

    CanaryOpening opening(CanaryPlan plan, List<Ordered> orders) {
        return opening(plan, orders, List.of());
    }

    CanaryOpening opening(CanaryPlan plan, List<Ordered> orders, List<Rerun> reruns) {
        EpochOpened epoch = Objects.requireNonNull(opening(plan));
        Facts facts = new Facts(
                this::task,
                () -> network.all(JobSubmitted.class).stream()
                        .map(job -> task(job.task()))
                        .toList(),
                id -> (Machine) network.log().state(StreamId.of(StreamId.MACHINE, id)),
                wallet -> ((Provider) network.log().state(StreamId.of(StreamId.PROVIDER, wallet))).ownerGroup(),
                id -> (Round) network.log().state(StreamId.of(StreamId.ROUND, id)),
                this::orderedBy,
                checker -> 0);
        Window window = new Window(epoch.startsAt(), epoch.endsAt(), epoch.blockHash());
        return CanaryOpening.of(plan, orders, reruns, window, facts, Samples.DEVNET);
    }

    /** As the door does it. */
    void open(CanaryPlan plan, List<Ordered> orders) {
        open(plan, orders, List.of());
    }

    void open(CanaryPlan plan, List<Ordered> orders, List<Rerun> reruns) {
        CanaryOpening opening = opening(plan, orders, reruns);
        Instant now = network.now();
        Ath treasury = Objects.requireNonNull(network.live().network()).treasury();
        Ath paid = opening.cost().min(treasury);
        List<Command> all = new ArrayList<>();
        all.add(new OpenCanaries(
                plan,
                Json.digest(plan),
                orders,
                paid,
                opening.undelivered(),
                reruns,
                opening.irreproducible(),
                treasury,
                Objects.requireNonNull(network.live().newestEpoch()),
                Samples.signed(shopper, 7_002),
                now));
        all.add(new CreditCanaries(shopper, plan.epoch(), paid, now));
        opening.offences()
                .forEach(offence -> all.add(new OpenCase(
                        offence.caseId(),
                        offence,
                        PenaltyPolicy.rateBps(offence, null, now, Samples.DEVNET),
                        Ath.ZERO,
                        StakeRules.day(offence.since(), Samples.GENESIS, Samples.DEVNET.timing()),
                        PenaltyPolicy.versionOf(offence, Samples.DEVNET),
                        null,
                        now)));
        network.send(all.toArray(Command[]::new));
    }
}
