package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.account.AccountEvent.CanariesCredited;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.canary.Undelivered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.MachineEvent.QualityScored;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker.Manner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The mystery shopper's jobs on a simulated network, from the secret plan to the last wei of a penalty. */
class CanaryTest extends CanaryNetwork {
    @Test
    void anHonestNetworkPassesAndTheTreasuryPays() {
        begin();
        both(KNOWN);
        CanaryPlan plan = plan(KNOWN);
        open(plan, order(plan));
        assertThat(network.all(CaseOpened.class)).isEmpty();
        CanariesOpened opened = network.all(CanariesOpened.class).getFirst();
        assertThat(opened.paid().isZero()).isFalse();
        assertThat(opened.undelivered()).isEmpty();
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
        both(KNOWN);
        CanaryPlan plan = plan(KNOWN);
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

    /** Four of the eight run there, four on a machine of another owner that gives what was known. */
    @Test
    void aMachineWithAnotherResultAnswersWithTheStakeOfItsLease() {
        begin();
        both(KNOWN);
        machine().gives("forged");
        CanaryPlan plan = plan(KNOWN);
        open(plan, order(plan));
        assertThat(network.all(CaseOpened.class)).hasSize(4).allSatisfy(file -> {
            assertThat(file.offence()).isInstanceOf(FalseResult.class);
            assertThat(((FalseResult) file.offence()).witnesses()).hasSize(4);
            assertThat(file.offence().accused()).isEqualTo(PoolId.ofProvider(provider));
        });
        network.run(EXECUTED);
        // One H100 requires 10,000; without a large committee at most 10 % of the pool is taken in a month.
        assertThat(network.all(PenaltyExecuted.class).getFirst().taken()).isEqualTo(Ath.ofWhole(10_000));
        assertThat(network.all(ProviderSuspended.class).getFirst().machine())
                .isEqualTo(machine().id());
        Invariants.ofReplay(network.log());
    }

    /** Whoever holds the shopper's key alone accuses nobody: neither machine gives what the plan calls known. */
    @Test
    void aPlanWithAWrongAnswerAccusesNobody() {
        begin();
        both(KNOWN);
        CanaryPlan plan = plan("what no machine gives");
        open(plan, order(plan));
        assertThat(network.all(CanariesOpened.class).getFirst().orders()).hasSize(PLANTS);
        assertThat(network.all(CaseOpened.class)).isEmpty();
        Invariants.ofReplay(network.log());
    }

    /** What it calls its clients' failures lowers its completion, and accuses neither it nor the checkers who found just that. */
    @Test
    void aMachineThatFailsWhatOthersCompleteHasNotDeliveredIt() {
        begin();
        both(KNOWN);
        machine().gives("");
        CanaryPlan plan = plan(KNOWN);
        open(plan, order(plan));
        assertThat(network.all(CaseOpened.class)).isEmpty();
        assertThat(network.all(CanariesOpened.class).getFirst().undelivered())
                .hasSize(4)
                .extracting(Undelivered::machine)
                .containsOnly(machine().id());
        network.run(SCORED);
        assertThat(network.all(QualityScored.class).stream()
                        .filter(e -> e.machine().equals(machine().id()))
                        .mapToInt(e -> e.scored().figures().failed())
                        .sum())
                .isEqualTo(4);
        Invariants.ofReplay(network.log());
    }

    @Test
    void everyPlantIsToldWithItsTaskOrWithTheReasonWhyThereIsNone() {
        begin();
        both(KNOWN);
        CanaryPlan plan = plan(KNOWN);
        List<Ordered> orders = order(plan);
        assertThat(opening(plan, orders).offences()).isEmpty();
        assertThatThrownBy(() -> opening(plan, orders.subList(1, PLANTS)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("told with the reason");
        List<Ordered> denied = new ArrayList<>(orders);
        denied.set(0, Ordered.never(orders.getFirst().plant(), "no deposit came"));
        assertThatThrownBy(() -> opening(plan, denied))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("ordered 1 jobs, and none is told");
        List<Ordered> silent = new ArrayList<>(orders);
        silent.set(0, new Ordered(orders.getFirst().plant(), null, " "));
        assertThatThrownBy(() -> opening(plan, silent)).isInstanceOf(Refused.class);
    }

    @Test
    void whatWasNeverOrderedIsToldSo() {
        begin();
        both(KNOWN);
        CanaryPlan seven = plan(KNOWN);
        List<Plant> plants = new ArrayList<>(seven.plants());
        plants.set(PLANTS - 1, new Plant(Samples.wallet(99), plants.getLast().spec(), Fact.DELIVERED, Hash32.ZERO));
        CanaryPlan plan = new CanaryPlan(seven.epoch(), seven.seed(), plants);
        List<Ordered> orders = order(plan);
        assertThat(orders).contains(Ordered.never(PLANTS - 1, "no deposit came"));
        open(plan, orders);
        assertThat(network.all(CaseOpened.class)).isEmpty();
        Invariants.ofReplay(network.log());
    }

    private List<String> problems(UnaryOperator<CanariesOpened> forged) {
        return Invariants.problems(network.log(), event -> event instanceof CanariesOpened e ? forged.apply(e) : event);
    }

    private static CanariesOpened opened(
            CanariesOpened e,
            CanaryPlan plan,
            List<Ordered> orders,
            Ath paid,
            @Nullable List<Undelivered> undelivered) {
        return new CanariesOpened(
                plan, orders, paid, undelivered, e.reruns(), e.irreproducible(), e.authorization(), e.at());
    }

    @Test
    void whoReplaysTheHistoryMissesNoForgery() {
        begin();
        both(KNOWN);
        machine().gives("");
        CanaryPlan plan = plan(KNOWN);
        checkers.getFirst().be(Manner.LIES);
        open(plan, order(plan));
        network.run(Duration.ofSeconds(1));
        assertThat(problems(e -> opened(e, plan, e.orders(), Ath.ofWhole(9), e.undelivered())))
                .anyMatch(what -> what.contains("comes back"));
        assertThat(problems(e -> opened(e, other(plan), e.orders(), e.paid(), e.undelivered())))
                .anyMatch(what -> what.contains("the plan that was fixed is"));
        assertThat(problems(e -> opened(e, plan, e.orders().subList(1, PLANTS), e.paid(), e.undelivered())))
                .anyMatch(what -> what.contains("is not told"));
        assertThat(problems(e -> opened(e, plan, e.orders(), e.paid(), List.of())))
                .anyMatch(what -> what.contains("not delivered was"));
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
