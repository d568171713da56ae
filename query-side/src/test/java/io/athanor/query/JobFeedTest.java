package io.athanor.query;

import static io.athanor.query.testing.Ids.job;
import static io.athanor.query.testing.Ids.machine;
import static io.athanor.query.testing.Ids.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.port.JobChanges;
import io.athanor.domain.query.Queries.JobTimeline;
import io.athanor.domain.view.TimelineEntry;
import io.athanor.query.testing.Jobs;
import io.athanor.query.testing.Network;
import io.athanor.query.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the feed tells is the timeline, from where it began. */
@Tag("postgres")
class JobFeedTest {
    private static final Duration ROOM = Duration.ofSeconds(30);
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

    /** Keeps what it is told. */
    private static final class Kept implements JobChanges.Listener {
        final List<TimelineEntry> entries = new CopyOnWriteArrayList<>();
        final List<Long> reached = new CopyOnWriteArrayList<>();

        @Override
        public void told(List<TimelineEntry> more, long upTo) {
            entries.addAll(more);
            reached.add(upTo);
        }

        @Override
        public void broken() {
            throw new AssertionError("the history is there");
        }
    }

    private static long settled(JobId id, int client) {
        List<Event> events = new ArrayList<>(Jobs.submit(id, wallet(client), 1, 1_000));
        node.append(events);
        node.append(Jobs.assign(id.task(0), 1, MACHINE, 1_100));
        node.append(List.of(Jobs.start(id.task(0), 1, 1_200)));
        node.append(Jobs.complete(id.task(0), 1, MACHINE, 5_000));
        node.append(List.of(Jobs.assess(id.task(0), 6_000)));
        return node.append(List.of(Jobs.settle(id.task(0), 7, wallet(client), 7_000)));
    }

    @Test
    void theFeedTellsTheTimelineFromWhereItBegan() throws Exception {
        node.append(List.of(Network.deposit(wallet(401), 1, Ath.ofWhole(100))));
        long before = settled(job(31), 401);
        Kept kept = new Kept();
        JobId id = job(32);
        try (AutoCloseable feed = node.bean(JobChanges.class).subscribe(kept)) {
            assertThat(feed).isNotNull();
            assertThat(kept.reached).containsExactly(before);
            assertThat(kept.entries).isEmpty();
            long last = settled(id, 401);
            await().atMost(ROOM).until(() -> kept.reached.getLast() == last);
            node.awaitViews(last);
        }
        List<TimelineEntry> shown =
                node.<TimelineEntry>page(new JobTimeline(id, null, 100)).items();
        assertThat(kept.entries).containsExactlyElementsOf(shown);
        assertThat(kept.entries).extracting(TimelineEntry::actor).containsOnly("saga:test");
        assertThat(kept.reached).isSorted();
    }
}
