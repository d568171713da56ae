package io.athanor.saga.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.checker.CheckerCommand.ActivateChecker;
import io.athanor.domain.checker.CheckerEvent.CheckerActivated;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.ParkedInstances;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance.Kind;
import io.athanor.saga.sim.MemoryStorage;
import io.athanor.saga.sim.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConductorTest {
    private final MemoryStorage storage = new MemoryStorage();
    private final LiveSet live = new LiveSet(storage);
    private final Desk desk = new Desk();
    private final ParkedWork parked = new ParkedWork(storage);
    private final Set<Object> wanting = new HashSet<>();
    private final Set<Object> throwing = new HashSet<>();
    private final List<Instance> looked = new ArrayList<>();
    private final List<Boolean> ended = new ArrayList<>();
    private Instant now = Samples.GENESIS;
    private final Conductor conductor =
            new Conductor(live, desk, () -> now, Map.of(Kind.CHECKER, List.of(this::look)), parked);

    ConductorTest() {
        live.opensAt(0);
        conductor.pass();
    }

    /** Takes orders and answers them as it is told. */
    private static final class Desk implements Commands {
        private final List<Order> orders = new ArrayList<>();
        private final Set<Command> refused = new HashSet<>();
        private @Nullable CompletableFuture<Outcome> always;
        private int events = 1;

        @Override
        public CompletableFuture<Outcome> send(Order order) {
            orders.add(order);
            if (order.commands().stream().anyMatch(refused::contains)) {
                return CompletableFuture.failedFuture(new Refused(Reason.WRONG_STATE, "as told"));
            }
            return always != null ? always : CompletableFuture.completedFuture(new Outcome(events, 0));
        }
    }

    private void look(Instance instance, Plan plan) {
        looked.add(instance);
        if (throwing.contains(instance.id())) {
            throw new IllegalStateException("as told");
        }
        if (wanting.contains(instance.id())) {
            plan.send(instance, "saga:test", List.of(command(instance)), ended::add);
        }
    }

    private static Command command(Instance instance) {
        return new ActivateChecker(Samples.wallet((Integer) instance.id()), Samples.GENESIS);
    }

    private Instance want(int id) {
        Instance instance = Instance.checker(id);
        wanting.add(id);
        live.touch(instance);
        return instance;
    }

    private void passes(int count, Duration apart) {
        for (int i = 0; i < count; i++) {
            now = now.plus(apart);
            conductor.pass();
        }
    }

    @Test
    void ordersOfManyInstancesGoTogetherInAsFewAsFit() {
        for (int i = 0; i < Limits.CHUNK_LINES + 10; i++) {
            want(i);
        }
        conductor.pass();
        assertThat(desk.orders).extracting(order -> order.commands().size()).containsExactly(Limits.CHUNK_LINES, 10);
    }

    @Test
    void whereTheWholeIsRefusedEachGoesAloneAndTheBadOneHoldsUpNoOther() {
        desk.refused.add(command(want(1)));
        want(2);
        want(3);
        conductor.pass();
        conductor.pass();
        assertThat(desk.orders).extracting(order -> order.commands().size()).startsWith(3, 1, 1, 1);
        conductor.pass();
        assertThat(ended).startsWith(false, true, true);
    }

    @Test
    void anInstanceIsNotLookedAtWhileItsOrderIsUnderWay() {
        desk.always = new CompletableFuture<>();
        Instance one = want(1);
        conductor.pass();
        looked.clear();
        live.touch(one);
        conductor.pass();
        assertThat(looked).isEmpty();
        desk.always.complete(new Commands.Outcome(1, 0));
        conductor.pass();
        assertThat(looked).contains(one);
    }

    @Test
    void anInstanceIsNotLookedAtBeforeItsOwnEventIsKnown() {
        desk.always = CompletableFuture.completedFuture(new Commands.Outcome(1, 7));
        Instance one = want(1);
        conductor.pass();
        conductor.pass();
        assertThat(looked).containsOnlyOnce(one);
        assertThat(conductor.underWay()).isEqualTo(1);
        live.deliver(7, new CheckerActivated(Samples.wallet(1), now));
        conductor.pass();
        assertThat(looked).filteredOn(one::equals).hasSize(2);
    }

    @Test
    void tenRefusalsParkAnInstanceUntilAnOperatorRetriesItAndOthersGoOn() {
        Instance bad = want(1);
        desk.refused.add(command(bad));
        for (int i = 0; i < 200; i++) {
            live.touch(bad);
            passes(1, Duration.ofSeconds(1));
        }
        assertThat(parked.list()).extracting(ParkedInstances.Parked::instance).containsExactly("checker/1");
        assertThat(parked.list().getFirst().failures()).isEqualTo(Retries.FAILURES_MAX);
        assertThat(new ParkedWork(storage).list()).hasSize(1);
        int sent = desk.orders.size();

        want(2);
        live.touch(bad);
        passes(3, Duration.ofSeconds(1));
        assertThat(desk.orders).hasSizeGreaterThan(sent);
        assertThat(desk.orders.subList(sent, desk.orders.size()))
                .noneMatch(order -> order.commands().contains(command(bad)));

        desk.refused.clear();
        assertThat(parked.retry("checker/1")).isTrue();
        assertThat(parked.retry("checker/1")).isFalse();
        live.touch(bad);
        conductor.pass();
        assertThat(desk.orders.getLast().commands()).contains(command(bad));
        assertThat(new ParkedWork(storage).list()).isEmpty();
    }

    @Test
    void aRoutersOwnFaultParksOnlyItsInstance() {
        throwing.add(1);
        want(1);
        want(2);
        for (int i = 0; i < 200; i++) {
            live.touch(Instance.checker(1));
            passes(1, Duration.ofSeconds(1));
        }
        assertThat(parked.list()).extracting(ParkedInstances.Parked::instance).containsExactly("checker/1");
        assertThat(desk.orders).isNotEmpty();
    }

    @Test
    void anEngineThatIsAwayParksNobody() {
        desk.always = CompletableFuture.failedFuture(new IllegalStateException("the database is away"));
        Instance one = want(1);
        for (int i = 0; i < 300; i++) {
            live.touch(one);
            passes(1, Duration.ofSeconds(1));
        }
        assertThat(parked.list()).isEmpty();
        assertThat(desk.orders).hasSizeGreaterThan(Retries.FAILURES_MAX);
        desk.always = null;
        passes(60, Duration.ofSeconds(1));
        assertThat(ended).contains(true);
    }

    @Test
    void anOrderWithoutAnAnswerIsTriedAgain() {
        desk.always = new CompletableFuture<>();
        want(1);
        conductor.pass();
        desk.always = null;
        passes(40, Duration.ofSeconds(1));
        assertThat(desk.orders).hasSizeGreaterThanOrEqualTo(2);
        assertThat(ended.getFirst()).isFalse();
    }

    @Test
    void nothingIsLookedAtBeforeTheSetKnowsTheHistory() {
        LiveSet behind = new LiveSet(new MemoryStorage());
        Conductor waits = new Conductor(behind, desk, () -> now, Map.of(Kind.CHECKER, List.of(this::look)), parked);
        behind.opensAt(5);
        want(1);
        behind.touch(Instance.checker(1));
        waits.pass();
        assertThat(desk.orders).isEmpty();
        behind.deliver(5, new CheckerActivated(Samples.wallet(1), now));
        waits.pass();
        assertThat(desk.orders).hasSize(1);
    }
}
