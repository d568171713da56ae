package io.athanor.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.Reported;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseJournalTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long BOUND = 1 << 20;

    @TempDir
    Path directory;

    private LeaseJournal open(long bound) throws IOException {
        return LeaseJournal.open(directory.resolve("spool"), bound);
    }

    @Test
    void everyStageSurvivesARestart() throws IOException {
        LeaseId lease = lease();
        LeaseStage.Running running = new LeaseStage.Running("c1", NOON, BootMark.now());
        List<LeaseStage> stages = List.of(
                new LeaseStage.Pulling(),
                new LeaseStage.Created("c1"),
                running,
                new LeaseStage.Paused(running, BootMark.now()),
                new LeaseStage.Running("c1", NOON, BootMark.now(), 7L),
                new LeaseStage.Stopping(running, Ending.CANCELLED),
                new LeaseStage.Ended(receipt(lease)),
                new LeaseStage.Reported(receipt(lease), 7));
        try (LeaseJournal journal = open(BOUND)) {
            journal.take(order(lease));
        }
        for (LeaseStage stage : stages) {
            try (LeaseJournal journal = open(BOUND)) {
                journal.move(lease, stage);
            }
            try (LeaseJournal journal = open(BOUND)) {
                assertThat(journal.find(lease).orElseThrow()).isEqualTo(new LeaseJournal.Entry(order(lease), stage));
            }
        }
    }

    @Test
    void reportsGoOutInOrderUntilTheyAreAcknowledged() throws IOException {
        LeaseId lease = lease();
        try (LeaseJournal journal = open(BOUND)) {
            journal.take(order(lease));
            journal.move(
                    lease,
                    _ -> new LeaseStage.Running("c1", NOON, BootMark.now()),
                    new AgentReport.Started(lease, "c1", NOON));
            journal.move(
                    lease,
                    seq -> new LeaseStage.Reported(receipt(lease), seq),
                    new AgentReport.Ended(lease, receipt(lease)));
            journal.say(new AgentReport.Draining(true, null, null));
            assertThat(journal.pending(2)).extracting(Reported::seq).containsExactly(1L, 2L);
            journal.acknowledge(2);
        }
        try (LeaseJournal journal = open(BOUND)) {
            journal.acknowledge(2);
            assertThat(journal.pending(10))
                    .containsExactly(new Reported(3, new AgentReport.Draining(true, null, null)));
            assertThat(journal.find(lease).orElseThrow().stage()).isEqualTo(new LeaseStage.Reported(receipt(lease), 2));
        }
    }

    @Test
    void aLostSpoolGoesOnBehindWhatTheServerHas() throws IOException {
        try (LeaseJournal journal = open(BOUND)) {
            journal.acknowledge(41);
            journal.say(new AgentReport.Draining(false, null, null));
            assertThat(journal.pending(10)).extracting(Reported::seq).containsExactly(42L);
        }
    }

    @Test
    void aFenceIsTakenOnceAlsoAfterItsLeaseIsGone() throws IOException {
        LeaseId second = lease().task().lease(2);
        try (LeaseJournal journal = open(BOUND)) {
            assertThat(journal.known(second)).isEqualTo(LeaseJournal.Known.NEW);
            journal.take(order(second));
            assertThat(journal.known(second)).isEqualTo(LeaseJournal.Known.SAME);
            journal.drop(second);
        }
        try (LeaseJournal journal = open(BOUND)) {
            assertThat(journal.known(second)).isEqualTo(LeaseJournal.Known.DONE);
            assertThat(journal.known(second.task().lease(1))).isEqualTo(LeaseJournal.Known.STALE);
            assertThat(journal.known(second.task().lease(3))).isEqualTo(LeaseJournal.Known.NEW);
        }
    }

    @Test
    void aSmallSpoolServesForEverAsLongAsTheServerAcknowledges() throws IOException {
        long bound = 64 << 10;
        List<LeaseId> done = new ArrayList<>();
        try (LeaseJournal journal = open(bound)) {
            for (int i = 0; i < 300; i++) {
                LeaseId lease = lease();
                journal.take(order(lease));
                journal.move(lease, seq -> new LeaseStage.Reported(receipt(lease), seq), ended(lease));
                journal.acknowledge(journal.pending(10).getLast().seq());
                journal.drop(lease);
                done.add(lease);
            }
            assertThat(journal.roomForNewWork()).isTrue();
        }
        try (LeaseJournal journal = open(bound)) {
            assertThat(journal.leases()).isEmpty();
            assertThat(done).allMatch(lease -> journal.known(lease) == LeaseJournal.Known.DONE);
        }
    }

    @Test
    void withoutAcknowledgementsItStopsTakingWorkBeforeItIsFull() throws IOException {
        try (LeaseJournal journal = open(64 << 10)) {
            int taken = 0;
            while (journal.roomForNewWork()) {
                LeaseId lease = lease();
                journal.take(order(lease));
                journal.move(lease, seq -> new LeaseStage.Reported(receipt(lease), seq), ended(lease));
                taken++;
            }
            assertThat(taken).isGreaterThan(5);
            LeaseJournal.Entry last = journal.leases().getLast();
            journal.move(last.lease(), last.stage());
        }
    }

    @Test
    void anyHistoryReadsBackAsItWas() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<LeaseId> leases = new ArrayList<>();
        LeaseJournal journal = open(256 << 10);
        for (int step = 0; step < 400; step++) {
            LeaseId any = leases.isEmpty() ? lease() : leases.get(random.nextInt(leases.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    LeaseId lease = lease();
                    leases.add(lease);
                    journal.take(order(lease));
                }
                case 2 -> journal.move(any, new LeaseStage.Created("c" + step));
                case 3 -> journal.move(any, seq -> new LeaseStage.Reported(receipt(any), seq), ended(any));
                case 4 -> journal.acknowledge(random.nextLong(journal.acknowledged(), journal.acknowledged() + 2));
                default -> journal.drop(any);
            }
            if (random.nextInt(20) == 0) {
                journal.say(new AgentReport.Draining(true, null, null));
                List<LeaseJournal.Entry> before = journal.leases();
                List<Reported> pending = journal.pending(10_000);
                journal.close();
                journal = open(256 << 10);
                assertThat(journal.leases()).as("seed %d step %d", seed, step).isEqualTo(before);
                assertThat(journal.pending(10_000))
                        .as("seed %d step %d", seed, step)
                        .endsWith(pending.toArray(Reported[]::new));
            }
        }
        journal.close();
    }

    private static LeaseId lease() {
        return new JobId(UUID.randomUUID()).task(0).lease(1);
    }

    private static AgentReport ended(LeaseId lease) {
        return new AgentReport.Ended(lease, receipt(lease));
    }

    private static Start order(LeaseId lease) {
        JobSpec spec = new JobSpec(
                "job",
                "host/image@sha256:" + "ab".repeat(32),
                List.of("/bin/true"),
                Map.of(),
                1,
                new JobSpec.GpuDemand(1, "H200", 0, true),
                1000,
                64,
                1000,
                Ath.ofWei(1),
                Ath.ofWei(2),
                Map.of(),
                JobSpec.Network.NONE,
                Set.of());
        return new Start(lease, spec, Map.of("A", "b"), List.of("SIM-1"), 1000, NOON, Json.digest(spec));
    }

    private static Receipt receipt(LeaseId lease) {
        return new Receipt(lease, "c1", "image", Ending.COMPLETED, 0, NOON, NOON, 5, List.of(), null, 0, "0x00");
    }
}
