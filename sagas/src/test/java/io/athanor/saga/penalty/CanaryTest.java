package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.Json;
import io.athanor.domain.account.AccountCommand.CreditCanaries;
import io.athanor.domain.account.AccountEvent.CanariesCredited;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.canary.CanaryOpening;
import io.athanor.domain.canary.CanaryOpening.Facts;
import io.athanor.domain.canary.CanaryOpening.Window;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.canary.CanaryTask;
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
import io.athanor.domain.job.Receipt.Output;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolCommand.CommitCanaries;
import io.athanor.domain.protocol.ProtocolCommand.OpenCanaries;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimChecker.Manner;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The mystery shopper's jobs on a simulated network, from the secret plan to the last wei of a penalty. */
class CanaryTest {
    private static final Duration CERTIFIED = Duration.ofSeconds(40);
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static final Duration EXECUTED =
            Duration.ofMillis(4 * Samples.DEVNET.timing().dayMillis());
    private static final int PLANTS = 3;
    private static final int FIRST_JOB = 9_000;

    private final SimNetwork network = new SimNetwork(6, Faults.NONE);
    private final Wallet provider = network.provider(1);
    private final Wallet shopper = Objects.requireNonNull(
                    Samples.DEVNET.accountable().canaries(), "the profile has a shopper")
            .shopper();
    private List<SimChecker> checkers = List.of();
    private @Nullable SimMachine machine;

    private SimMachine machine() {
        return Objects.requireNonNull(machine, "the network has begun");
    }

    private void begin() {
        network.send(new CreditBond(
                PoolId.ofProvider(provider), 9, Ath.ofWhole(100_000), Samples.hash("bond"), 4, network.now()));
        machine = network.machine(1, provider, 4, true);
        // Few enough that all of them sit in every round.
        checkers = network.checkers(5);
        checkers.forEach(checker -> checker.sees(machine()));
        network.run(CERTIFIED);
        // Somebody's fees, of which the treasury pays the shopper back.
        network.submit(network.client(1), 1, Samples.spec(4, 1));
        network.run(SETTLED);
    }

    private static JobId job(int plant) {
        return Samples.job(FIRST_JOB + plant);
    }

    /** What the simulated machine's container writes is known: the name of its task. */
    private static Hash32 known(int plant) {
        byte[] content = job(plant).task(0).toString().getBytes(StandardCharsets.UTF_8);
        return SlaVerdict.resultDigest(List.of(new Output("tile.ppm", Sha256.of(content), 64)));
    }

    private CanaryPlan plan(boolean right) {
        long newest = Objects.requireNonNull(network.live().newestEpoch());
        List<Plant> plants = new ArrayList<>();
        for (int i = 0; i < PLANTS; i++) {
            Hash32 digest = right ? known(i) : Samples.hash("another result " + i);
            plants.add(new Plant(network.client(50 + i), Samples.spec(1, 1), Fact.DELIVERED, digest));
        }
        return new CanaryPlan(newest + 3, Samples.hash("secret"), plants);
    }

    private List<Ordered> order(CanaryPlan plan) {
        long newest = Objects.requireNonNull(network.live().newestEpoch());
        network.send(new CommitCanaries(
                plan.epoch(), Json.digest(plan), newest, Samples.signed(shopper, 7_001), network.now()));
        while (opening(plan) == null) {
            network.run(SimNetwork.TICK);
        }
        EpochOpened epoch = Objects.requireNonNull(opening(plan));
        List<Ordered> orders = new ArrayList<>();
        for (int i : plan.inOrder(epoch.startsAt(), epoch.endsAt(), epoch.blockHash())) {
            Instant at = plan.orderAt(i, epoch);
            while (network.now().isBefore(at)) {
                network.run(SimNetwork.TICK);
            }
            Plant plant = plan.plants().get(i);
            network.submit(plant.client(), FIRST_JOB + i, plant.spec());
            orders.add(new Ordered(i, job(i).task(0)));
        }
        network.run(SETTLED);
        return orders;
    }

    private @org.jspecify.annotations.Nullable EpochOpened opening(CanaryPlan plan) {
        return network.all(EpochOpened.class).stream()
                .filter(epoch -> epoch.epoch() == plan.epoch())
                .findFirst()
                .orElse(null);
    }

    private CanaryTask task(TaskId id) {
        CanaryTask task = null;
        for (JobEvent event : network.all(JobEvent.class)) {
            task = event.task().equals(id) ? CanaryTask.after(task, event) : task;
        }
        return Objects.requireNonNull(task);
    }

    /** As the door does it. */
    private void open(CanaryPlan plan, List<Ordered> orders) {
        EpochOpened epoch = Objects.requireNonNull(opening(plan));
        Facts facts = new Facts(
                this::task,
                id -> (Machine) network.log().state(StreamId.of(StreamId.MACHINE, id)),
                id -> (Round) network.log().state(StreamId.of(StreamId.ROUND, id)),
                checker -> 0);
        CanaryOpening opening = CanaryOpening.of(
                plan, orders, new Window(epoch.startsAt(), epoch.endsAt(), epoch.blockHash()), facts, Samples.DEVNET);
        Instant now = network.now();
        Ath treasury = Objects.requireNonNull(network.live().network()).treasury();
        Ath paid = opening.cost().min(treasury);
        List<Command> all = new ArrayList<>();
        all.add(new OpenCanaries(
                plan,
                Json.digest(plan),
                orders,
                paid,
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

    @Test
    void anHonestNetworkPassesAndTheTreasuryPays() {
        begin();
        CanaryPlan plan = plan(true);
        open(plan, order(plan));
        assertThat(network.all(CaseOpened.class)).isEmpty();
        CanariesOpened opened = network.all(CanariesOpened.class).getFirst();
        assertThat(opened.paid().isZero()).isFalse();
        assertThat(network.all(CanariesCredited.class))
                .singleElement()
                .satisfies(credited -> assertThat(credited.amount()).isEqualTo(opened.paid()));
        network.run(SETTLED);
        Invariants.ofHistory(network.log());
        Invariants.ofReplay(network.log());
    }

    @Test
    void aCheckerThatDeniesWhatWasKnownLosesOnePercentAndFiveFromTheThirdOn() {
        begin();
        CanaryPlan plan = plan(true);
        checkers.getFirst().be(Manner.LIES);
        List<Ordered> orders = order(plan);
        checkers.getFirst().be(Manner.HONEST);
        open(plan, orders);
        List<CaseOpened> cases = network.all(CaseOpened.class);
        assertThat(cases).allSatisfy(file -> {
            assertThat(file.offence()).isInstanceOf(FailedCanary.class);
            assertThat(file.offence().accused()).isEqualTo(PoolId.ofChecker(Samples.wallet(100)));
        });
        List<Long> rates = new ArrayList<>();
        for (int earlier = 0; earlier < cases.size(); earlier++) {
            rates.add(earlier < 2 ? 100L : 500L);
        }
        assertThat(cases).isNotEmpty().extracting(CaseOpened::rateBps).containsExactlyInAnyOrderElementsOf(rates);
        network.run(EXECUTED);
        Ath unit = Samples.DEVNET.stake().checkerUnit();
        assertThat(network.all(PenaltyExecuted.class))
                .hasSameSizeAs(cases)
                .extracting(PenaltyExecuted::taken)
                .contains(unit.bps(100));
        Invariants.ofReplay(network.log());
    }

    @Test
    void aMachineWithAnotherResultAnswersWithTheStakeOfItsLease() {
        begin();
        CanaryPlan plan = plan(false);
        open(plan, order(plan));
        assertThat(network.all(CaseOpened.class)).isNotEmpty().allSatisfy(file -> {
            assertThat(file.offence()).isInstanceOf(FalseResult.class);
            assertThat(file.offence().accused()).isEqualTo(PoolId.ofProvider(provider));
        });
        network.run(EXECUTED);
        // One H100 requires 10,000; without a large committee at most 10 % of the pool is taken in a month.
        assertThat(network.all(PenaltyExecuted.class).getFirst().taken()).isEqualTo(Ath.ofWhole(10_000));
        assertThat(network.all(ProviderSuspended.class).getFirst().machine())
                .isEqualTo(machine().id());
        Invariants.ofReplay(network.log());
    }

    @Test
    void whoReplaysTheHistoryMissesNoForgery() {
        begin();
        CanaryPlan plan = plan(true);
        checkers.getFirst().be(Manner.LIES);
        open(plan, order(plan));
        network.run(Duration.ofSeconds(1));
        List<String> dearer = Invariants.problems(
                network.log(),
                event -> event instanceof CanariesOpened e
                        ? new CanariesOpened(e.plan(), e.orders(), Ath.ofWhole(9), e.authorization(), e.at())
                        : event);
        assertThat(dearer).anyMatch(what -> what.contains("comes back"));
        List<String> another = Invariants.problems(
                network.log(),
                event -> event instanceof CanariesOpened e
                        ? new CanariesOpened(other(plan), e.orders(), e.paid(), e.authorization(), e.at())
                        : event);
        assertThat(another).anyMatch(what -> what.contains("the plan that was fixed is"));
        List<String> silent = Invariants.problems(
                network.log(),
                event -> event instanceof CanariesOpened e
                        ? new CanariesOpened(
                                e.plan(), e.orders().subList(1, PLANTS), e.paid(), e.authorization(), e.at())
                        : event);
        assertThat(silent).anyMatch(what -> what.contains("is not told"));
        List<String> accused = Invariants.problems(
                network.log(),
                event -> event instanceof CaseOpened e && e.offence() instanceof FailedCanary o
                        ? innocent(e, o)
                        : event);
        assertThat(accused).anyMatch(what -> what.contains("nobody opened the case of"));
    }

    private static CanaryPlan other(CanaryPlan plan) {
        return new CanaryPlan(plan.epoch(), Samples.hash("another secret"), plan.plants());
    }

    private static CaseOpened innocent(CaseOpened e, FailedCanary o) {
        FailedCanary other = new FailedCanary(
                PoolId.ofChecker(Samples.wallet(101)),
                o.attester(),
                o.report(),
                o.lease(),
                o.epoch(),
                o.plant(),
                o.earlier(),
                o.since());
        return new CaseOpened(
                other.caseId(),
                other,
                e.rateBps(),
                e.amount(),
                e.offenceDay(),
                e.formulaVersion(),
                e.authorization(),
                e.at());
    }
}
