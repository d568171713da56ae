package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.canary.CanaryOpening;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimMachine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A client's delivery that runs again on machines of two other owners; every one is drawn in this network. */
class RerunTest extends CanaryNetwork {
    private static final int CLIENTS_JOB = 9_500;
    private static final int AGAIN = 9_600;
    private static final long LONG = 3_600_000;

    private List<SimMachine> all = List.of();
    private List<Ordered> orders = List.of();

    /** A plan of one known answer, in whose epoch a client has one delivery. */
    private CanaryPlan delivered() {
        begin();
        SimMachine third = network.machine(3, network.provider(3), 4, true);
        checkers.forEach(checker -> checker.sees(third));
        network.run(CERTIFIED);
        all = List.of(machine(), other(), third);
        all.forEach(each -> each.runFor(1_000, 1));
        give(KNOWN);
        CanaryPlan eight = plan(KNOWN);
        List<Wallet> spares = IntStream.range(60, 64).mapToObj(network::client).toList();
        CanaryPlan plan =
                new CanaryPlan(eight.epoch(), eight.seed(), eight.plants().subList(0, 1), spares);
        begun(plan);
        network.submit(network.client(80), CLIENTS_JOB, Samples.spec(1, 1));
        orders = ordered(plan);
        return plan;
    }

    private void give(String result) {
        all.forEach(each -> each.gives(result));
    }

    private static TaskId drawn() {
        return Samples.job(CLIENTS_JOB).task(0);
    }

    private TaskId planned() {
        return Objects.requireNonNull(orders.getFirst().task());
    }

    private MachineId ranOn(TaskId task) {
        return Objects.requireNonNull(task(task).lease()).machine();
    }

    /** On a machine that had none of them before. */
    private TaskId again(CanaryPlan plan, int spare, String result, TaskId... before) {
        List<MachineId> had = Stream.of(before).map(this::ranOn).toList();
        all.stream().filter(each -> had.contains(each.id())).forEach(each -> each.maintain(0, LONG));
        give(result);
        return ordered(plan, spare, task(drawn()).submitted().spec());
    }

    private TaskId ordered(CanaryPlan plan, int spare, JobSpec spec) {
        Wallet wallet = Objects.requireNonNull(plan.spares()).get(spare);
        network.submit(wallet, AGAIN + spare, spec);
        network.run(SETTLED);
        return Samples.job(AGAIN + spare).task(0);
    }

    private CanariesOpened opened() {
        return network.all(CanariesOpened.class).getFirst();
    }

    @Test
    void theSameResultOnAnotherOwnersMachineSaysNothingAndIsPaidBack() {
        CanaryPlan plan = delivered();
        TaskId first = again(plan, 0, KNOWN, drawn());
        List<Rerun> told = List.of(new Rerun(drawn(), first, null, null));
        CanaryOpening opening = opening(plan, orders, told);
        assertThat(opening.cost())
                .isEqualTo(task(planned()).cost().plus(task(first).cost()));
        open(plan, orders, told);
        assertThat(opened().reruns()).isEqualTo(told);
        assertThat(network.all(CaseOpened.class)).isEmpty();
        Invariants.ofReplay(network.log());
    }

    @Test
    void theOneThatDiffersFromTwoOthersIsAccusedAndNobodysWordIsNeeded() {
        CanaryPlan plan = delivered();
        TaskId first = again(plan, 0, "another result", drawn());
        TaskId second = again(plan, 1, KNOWN, drawn(), first);
        open(plan, orders, List.of(new Rerun(drawn(), first, second, null)));
        assertThat(network.all(CaseOpened.class)).singleElement().satisfies(file -> {
            FalseResult offence = (FalseResult) file.offence();
            assertThat(offence.machine()).isEqualTo(ranOn(first));
            assertThat(offence.witnesses()).extracting(lease -> lease.task()).containsExactly(drawn(), second);
            assertThat(offence.plant()).isEqualTo(plan.plants().size());
        });
        assertThat(opened().irreproducible()).isEmpty();
        Invariants.ofReplay(network.log());
    }

    @Test
    void whereAllThreeDifferTheImageIsNotReproducibleAndNobodyAccused() {
        CanaryPlan plan = delivered();
        TaskId first = again(plan, 0, "another result", drawn());
        TaskId second = again(plan, 1, "a third result", drawn(), first);
        open(plan, orders, List.of(new Rerun(drawn(), first, second, null)));
        assertThat(network.all(CaseOpened.class)).isEmpty();
        assertThat(opened().irreproducible()).containsExactly(Sha256.parse("sha256:" + "ab".repeat(32)));
        Invariants.ofReplay(network.log());
    }

    @Test
    void aMachineThatFailsWhatTwoOthersCompleteAlikeHasNotDeliveredIt() {
        CanaryPlan plan = delivered();
        TaskId first = again(plan, 0, "", drawn());
        TaskId second = again(plan, 1, KNOWN, drawn(), first);
        open(plan, orders, List.of(new Rerun(drawn(), first, second, null)));
        assertThat(network.all(CaseOpened.class)).isEmpty();
        assertThat(opened().undelivered())
                .singleElement()
                .satisfies(run -> assertThat(run.machine()).isEqualTo(ranOn(first)));
        Invariants.ofReplay(network.log());
    }

    @Test
    void whatIsDrawnIsToldWithWhatWasDueOrWhyItWasNot() {
        CanaryPlan plan = delivered();
        TaskId first = again(plan, 0, "another result", drawn());
        refused(plan, List.of(), "drawn to run again were");
        refused(plan, List.of(new Rerun(drawn(), first, null, null)), "or the reason why");
        refused(plan, List.of(Rerun.without(drawn(), null, "no deposit")), "ordered 1 jobs, and none is told");
        refused(plan, List.of(new Rerun(planned(), first, null, "no")), "drawn to run again were");
        List<Rerun> half = List.of(Rerun.without(drawn(), first, "no deposit"));
        open(plan, orders, half);
        assertThat(network.all(CaseOpened.class))
                .as("two runs alone judge nobody")
                .isEmpty();
        network.run(Duration.ofSeconds(1));
        Invariants.ofReplay(network.log());
        List<String> silent = Invariants.problems(
                network.log(),
                event -> event instanceof CanariesOpened e
                        ? new CanariesOpened(
                                e.plan(),
                                e.orders(),
                                e.paid(),
                                e.undelivered(),
                                List.of(),
                                e.irreproducible(),
                                e.authorization(),
                                e.at())
                        : event);
        assertThat(silent).anyMatch(what -> what.contains("drawn to run again were"));
    }

    @Test
    void anotherOrderIsNoReRun() {
        CanaryPlan plan = delivered();
        JobSpec spec = task(drawn()).submitted().spec();
        TaskId other = ordered(plan, 0, spec.withCap(spec.cap().times(2)));
        refused(plan, List.of(Rerun.without(drawn(), other, "no")), "is not the order of");
    }

    private void refused(CanaryPlan plan, List<Rerun> told, String why) {
        assertThatThrownBy(() -> opening(plan, orders, told))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(why);
    }
}
