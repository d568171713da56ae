package io.athanor.query;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.job;
import static io.athanor.query.testing.Ids.machine;
import static io.athanor.query.testing.Ids.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobExpired;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.query.Queries.ExplainPlacement;
import io.athanor.domain.query.Queries.FindDelivery;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.query.Queries.JobTimeline;
import io.athanor.domain.query.Queries.ListDeliveries;
import io.athanor.domain.query.Queries.ListJobs;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.TaskView;
import io.athanor.domain.view.TimelineEntry;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import io.athanor.query.testing.Jobs;
import io.athanor.query.testing.Network;
import io.athanor.query.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class JobViewsTest {
    private static final MachineId MACHINE = machine(1);
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start();
        node.append(Network.provider(MACHINE));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aJobIsShownAtEachStepOfItsLife() {
        JobId id = job(1);
        Wallet client = funded(101);
        TaskId task = id.task(0);

        node.show(Jobs.submit(id, client, 1, 1_000));
        assertThat(find(id).state()).isEqualTo("QUEUED");
        assertThat(find(id).held()).isEqualTo(Jobs.CAP_OF_TASK);
        assertThat(find(id).spec()).isEqualTo(Jobs.spec(1));

        node.show(Jobs.assign(task, 1, MACHINE, 1_100));
        TaskView assigned = only(id);
        assertThat(assigned.state()).isEqualTo("ASSIGNED");
        assertThat(assigned.lease()).isEqualTo(task.lease(1));
        assertThat(assigned.machine()).isEqualTo(MACHINE);
        assertThat(assigned.provider()).isEqualTo(Jobs.PROVIDER);
        assertThat(assigned.simulated()).isTrue();

        node.show(List.of(Jobs.start(task, 1, 1_200)));
        assertThat(only(id).state()).isEqualTo("RUNNING");
        assertThat(only(id).container()).isEqualTo("c0ffee1");
        assertThat(only(id).startedAt()).isEqualTo(at(1_200));

        node.show(Jobs.complete(task, 1, MACHINE, 5_000));
        TaskView ended = only(id);
        assertThat(ended.state()).isEqualTo("COMPLETED");
        assertThat(ended.ending()).isEqualTo("COMPLETED");
        assertThat(ended.receipt()).isEqualTo(Jobs.receipt(task.lease(1), Ending.COMPLETED, 5_000));
        assertThat(ended.endedAt()).isEqualTo(at(5_000));
        assertThat(ended.assessment()).isNull();

        node.show(List.of(Jobs.assess(task, 6_000)));
        assertThat(only(id).state()).isEqualTo("VERIFIED");
        assertThat(only(id).cost()).isEqualTo(Jobs.COST);
        assertThat(find(id).cost()).isEqualTo(Ath.ZERO);

        long last = node.show(List.of(Jobs.settle(task, 7, client, 7_000)));
        JobView settled = find(id);
        assertThat(settled.state()).isEqualTo("SETTLED");
        assertThat(settled.held()).isEqualTo(Ath.ZERO);
        assertThat(settled.cost()).isEqualTo(Jobs.COST);
        assertThat(settled.asOf()).isEqualTo(last);
        assertThat(only(id).epoch()).isEqualTo(7);
        assertThat(only(id).assessment()).isEqualTo(Jobs.assessment(task));
    }

    @Test
    void aJobIsAsFarAsItsLeastAdvancedTask() {
        JobId id = job(2);
        Wallet client = funded(102);
        node.show(Jobs.submit(id, client, 3, 2_000));
        assertThat(find(id).held()).isEqualTo(Jobs.CAP_OF_TASK.times(3));
        node.show(Jobs.assign(id.task(0), 1, MACHINE, 2_100));
        node.show(Jobs.assign(id.task(2), 1, MACHINE, 2_110));
        assertThat(find(id).state()).isEqualTo("QUEUED");
        node.show(Jobs.assign(id.task(1), 1, MACHINE, 2_120));
        node.show(List.of(Jobs.start(id.task(0), 1, 2_200)));
        assertThat(find(id).state()).isEqualTo("ASSIGNED");
        assertThat(find(id).tasks()).extracting(TaskView::state).containsExactly("RUNNING", "ASSIGNED", "ASSIGNED");
    }

    @Test
    void aLostTaskIsQueuedAgainUnderTheNextFence() {
        JobId id = job(3);
        TaskId task = id.task(0);
        node.append(Jobs.submit(id, funded(103), 1, 3_000));
        node.append(Jobs.assign(task, 1, MACHINE, 3_100));
        node.append(List.of(Jobs.start(task, 1, 3_200)));
        node.show(Jobs.lose(task, 1, MACHINE, 3_300));
        assertThat(only(id).state()).isEqualTo("QUEUED");
        assertThat(only(id).lease()).isNull();
        assertThat(only(id).startedAt()).isNull();

        node.append(Jobs.assign(task, 2, MACHINE, 3_400));
        node.append(List.of(Jobs.start(task, 2, 3_500)));
        node.show(Jobs.complete(task, 2, MACHINE, 3_600));
        assertThat(only(id).lease()).isEqualTo(task.lease(2));
        assertThat(only(id).receipt()).isNotNull();
        assertThat(node.find(new FindDelivery(task.lease(1)), Delivery.class)).isEmpty();
        Delivery delivery =
                node.find(new FindDelivery(task.lease(2)), Delivery.class).orElseThrow();
        assertThat(delivery.lease()).isEqualTo(Jobs.lease(task.lease(2), MACHINE, 3_400));
        assertThat(delivery.spec()).isEqualTo(Jobs.spec(1));
        assertThat(delivery.startedAt()).isEqualTo(at(3_500));
        assertThat(delivery.endedAt()).isEqualTo(at(3_600));
        assertThat(node.<Delivery>page(new ListDeliveries(List.of(task.lease(1), task.lease(2))))
                        .items())
                .containsExactly(delivery);
    }

    @Test
    void oneAnswerHoldsTheDeliveriesOfAWholeRound() {
        JobId id = job(8);
        int most = Limits.SHARD_SUBJECTS;
        Wallet client = funded(108);
        node.append(List.of(Network.deposit(client, 2, Ath.ofWhole(10_000))));
        node.append(Jobs.submit(id, client, most, 5_000));
        List<LeaseId> leases = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            node.append(Jobs.assign(id.task(i), 1, MACHINE, 5_100));
            node.append(List.of(Jobs.start(id.task(i), 1, 5_200)));
            node.show(Jobs.complete(id.task(i), 1, MACHINE, 5_300));
            leases.add(id.task(i).lease(1));
        }
        assertThat(node.<Delivery>page(new ListDeliveries(leases)).items())
                .extracting(delivery -> delivery.lease().id())
                .containsExactlyInAnyOrderElementsOf(leases);
        leases.add(id.task(0).lease(2));
        assertThatThrownBy(() -> node.<Delivery>page(new ListDeliveries(leases)))
                .hasMessageContaining("at most " + most + " leases at once");
    }

    @Test
    void theTimelineSaysWhatHappenedByWhomAndWhy() {
        JobId id = job(4);
        node.append(Jobs.submit(id, funded(104), 1, 4_000));
        node.append(List.of(new PlacementDecided(id.task(0), Jobs.decision(null), at(4_050))));
        node.append(Jobs.assign(id.task(0), 1, MACHINE, 4_100));
        node.show(Jobs.lose(id.task(0), 1, MACHINE, 4_200));

        Page<TimelineEntry> first = node.page(new JobTimeline(id, null, 3));
        Page<TimelineEntry> rest = node.page(new JobTimeline(id, first.next(), 100));
        assertThat(first.items())
                .extracting(TimelineEntry::event)
                .containsExactly("job.Submitted", "job.Funded", "job.PlacementDecided");
        assertThat(rest.items())
                .extracting(TimelineEntry::event)
                .containsExactly("job.PlacementDecided", "job.Assigned", "job.Lost", "job.Requeued");
        assertThat(rest.next()).isNull();
        assertThat(first.items().getLast().detail())
                .isEqualTo("none of 17 machines fits: {model=9, online=3, price=4}");
        assertThat(rest.items().get(2).detail()).isEqualTo("MACHINE_OFFLINE: no sign of life for 180 s");
        assertThat(rest.items()).extracting(TimelineEntry::actor).containsOnly("saga:test");
        assertThat(rest.asOf()).isGreaterThanOrEqualTo(rest.items().getLast().index());
    }

    @Test
    void theNewestPlacementDecisionExplainsATask() {
        TaskId task = job(5).task(0);
        assertThat(node.find(new ExplainPlacement(task), PlacementDecision.class))
                .isEmpty();
        node.append(Jobs.submit(job(5), funded(105), 1, 5_000));
        node.show(List.of(new PlacementDecided(task, Jobs.decision(null), at(5_050))));
        assertThat(node.find(new ExplainPlacement(task), PlacementDecision.class))
                .hasValue(Jobs.decision(null));
        node.show(Jobs.assign(task, 1, MACHINE, 5_100));
        assertThat(node.find(new ExplainPlacement(task), PlacementDecision.class))
                .hasValue(Jobs.decision(MACHINE));
    }

    @Test
    void jobsThatNeverRanEndWithTheirReason() {
        node.append(Jobs.submit(job(6), funded(106), 1, 6_000));
        node.append(Jobs.submit(job(7), funded(107), 1, 6_001));
        node.show(List.of(
                new JobCancelled(job(6).task(0), "changed my mind", null, at(6_100)),
                new JobExpired(job(7).task(0), "queued for an hour", at(6_200))));
        assertThat(only(job(6)).state()).isEqualTo("CANCELLED");
        assertThat(only(job(6)).detail()).isEqualTo("changed my mind");
        assertThat(only(job(7)).state()).isEqualTo("FAILED");
        assertThat(only(job(7)).ending()).isEqualTo("UNPLACEABLE");
        assertThat(node.find(new FindJob(job(999)), JobView.class)).isEmpty();
    }

    @Test
    void listsGoNewestFirstPageByPage() {
        Wallet client = funded(110);
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.addFirst(job(100 + i));
            node.append(Jobs.submit(job(100 + i), client, 1, 10_000 + i));
        }
        node.append(Jobs.assign(job(103).task(0), 1, MACHINE, 10_100));
        node.show(List.of(Jobs.start(job(103).task(0), 1, 10_200)));

        assertThat(walk(client, null, 3)).isEqualTo(ids);
        assertThat(walk(client, null, 7)).isEqualTo(ids);
        assertThat(walk(client, "RUNNING", 100)).containsExactly(job(103));
        assertThat(walk(client, "QUEUED", 4)).hasSize(6).doesNotContain(job(103));
        assertThat(walk(client, "SETTLED", 4)).isEmpty();
        Page<JobView> page = node.page(new ListJobs(client, null, null, 1));
        assertThat(page.items().getFirst().tasks()).isEmpty();
        assertThat(page.items().getFirst().spec()).isEqualTo(Jobs.spec(1));
    }

    @Test
    void badCursorsAndPageSizesAreRefused() {
        assertThat(node.<JobView>page(new ListJobs(null, null, null, 100)).items())
                .isNotNull();
        assertThatThrownBy(() -> node.page(new ListJobs(null, null, null, 101))).satisfies(JobViewsTest::malformed);
        assertThatThrownBy(() -> node.page(new ListJobs(null, null, null, 0))).satisfies(JobViewsTest::malformed);
        assertThatThrownBy(() -> node.page(new ListJobs(null, null, "x", 5))).satisfies(JobViewsTest::malformed);
    }

    private static void malformed(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.MALFORMED));
    }

    private static List<JobId> walk(Wallet client, @Nullable String state, int first) {
        List<JobId> seen = new ArrayList<>();
        String after = null;
        do {
            Page<JobView> page = node.page(new ListJobs(client, state, after, first));
            assertThat(page.items().size()).isLessThanOrEqualTo(first);
            page.items().forEach(job -> seen.add(job.id()));
            after = page.next();
        } while (after != null);
        return seen;
    }

    private static Wallet funded(long number) {
        Wallet client = wallet(number);
        node.append(List.of(Network.deposit(client, 1, Ath.ofWhole(100))));
        return client;
    }

    private static JobView find(JobId id) {
        return node.find(new FindJob(id), JobView.class).orElseThrow();
    }

    private static TaskView only(JobId id) {
        List<TaskView> tasks = find(id).tasks();
        assertThat(tasks).hasSize(1);
        return tasks.getFirst();
    }
}
