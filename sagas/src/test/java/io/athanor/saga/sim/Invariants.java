package io.athanor.saga.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.audit.ExportLine;
import io.athanor.audit.Replay;
import io.athanor.audit.Replay.Problem;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.account.Account;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.saga.live.LiveSet;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What must hold of every history, whatever went wrong. */
public final class Invariants {
    private Invariants() {}

    /** No GPU in two leases at once, every lease reserved in the same order, and the money. */
    public static void ofHistory(MemoryLog log) {
        Map<String, LeaseId> holders = new HashMap<>();
        Map<LeaseId, MachineId> reserved = new HashMap<>();
        Set<TaskId> settled = new HashSet<>();
        Balances balances = new Balances();
        ChainHead head = ChainHead.GENESIS;
        long leaves = 0;
        long leases = 0;
        for (Committed committed : log.events()) {
            Event event = committed.event();
            balances.apply(event);
            switch (event) {
                case GpusReserved e -> {
                    reserved.put(e.lease(), e.machine());
                    e.gpus()
                            .forEach(gpu -> assertThat(holders.put(gpu, e.lease()))
                                    .as("%s at %s", gpu, committed.index())
                                    .isNull());
                }
                case GpusReleased e -> holders.values().removeIf(e.lease()::equals);
                case JobAssigned e -> {
                    assertThat(reserved.get(e.lease().id())).isEqualTo(e.lease().machine());
                    leases++;
                }
                case JobSettled e -> assertThat(settled.add(e.task())).isTrue();
                case SettlementBatched e -> {
                    assertThat(e.batch().previous()).isEqualTo(head.head());
                    head = e.batch().head();
                    leaves += e.batch().count();
                }
                case EpochClosed e -> assertThat(e.head()).isEqualTo(head);
                default -> {
                    // Nothing to hold it against.
                }
            }
        }
        assertThat(balances.total()).isEqualTo(BigInteger.ZERO);
        assertThat(leaves).isLessThanOrEqualTo(settled.size() + 2 * leases);
    }

    /** What the simulation cannot have: real signatures, and one count of all transfers into the vault. */
    private static final List<String> SIMULATED = List.of(
            "the signature",
            "the receipt is not signed",
            "a report is not signed by",
            "transfer ",
            "IllegalArgumentException: not hex");

    /** Who replays the history computes what the routers did, whatever went wrong on the way. */
    public static void ofReplay(MemoryLog log) {
        assertThat(problems(log, UnaryOperator.identity())).isEmpty();
    }

    /**
     * What a replay finds wrong in a history of which somebody changed events; what a simulation cannot have, such as
     * wallets' signatures, is not counted.
     */
    public static List<String> problems(MemoryLog log, UnaryOperator<Event> forger) {
        Replay replay = new Replay(Integer.MAX_VALUE);
        Map<StreamId, Long> sequences = new HashMap<>();
        for (Committed committed : log.events()) {
            Event event = forger.apply(committed.event());
            long sequence = sequences.merge(event.stream(), 1L, Long::sum) - 1;
            replay.accept(new ExportLine(
                    Long.toString(committed.index()),
                    "simulated",
                    event.stream(),
                    sequence,
                    EventCatalogue.nameOf(event.getClass()),
                    EventCatalogue.revisionOf(event.getClass()),
                    Json.mapper().valueToTree(event),
                    Json.mapper().createObjectNode(),
                    event.at()));
        }
        Replay.Result result = replay.result();
        assertThat(result.ledgerBalanced()).isTrue();
        return result.problems().stream()
                .map(Problem::what)
                .filter(what -> SIMULATED.stream().noneMatch(what::contains))
                .toList();
    }

    /** Every submitted task is settled once, every hold is gone, every GPU is free, nothing is parked. */
    public static void ofTheEnd(SimNetwork network) {
        MemoryLog log = network.log;
        Map<String, Long> states = new TreeMap<>();
        log.all(StreamId.JOB, Job.class).forEach(job -> states.merge(job.name(), 1L, Long::sum));
        long submitted = count(log, JobSubmitted.class);
        assertThat(network.parked().list()).isEmpty();
        assertThat(states).containsExactlyEntriesOf(Map.of("SETTLED", submitted));
        assertThat(count(log, JobSettled.class)).isEqualTo(submitted);
        long batched = log.events().stream()
                .map(Committed::event)
                .mapToLong(event ->
                        event instanceof SettlementBatched e ? e.batch().count() : 0)
                .sum();
        assertThat(batched).isEqualTo(submitted + 2 * leasesOfClosedEpochs(log));
        log.all(StreamId.ACCOUNT, Account.class)
                .forEach(account -> assertThat(account.holds()).isEmpty());
        log.all(StreamId.MACHINE, io.athanor.domain.machine.Machine.class)
                .forEach(machine -> assertThat(machine.reserved()).isEmpty());
    }

    private static long leasesOfClosedEpochs(MemoryLog log) {
        Map<Long, Long> made = new HashMap<>();
        long newest = 0;
        long closed = 0;
        for (Committed committed : log.events()) {
            switch (committed.event()) {
                case EpochOpened e -> newest = e.epoch();
                case JobAssigned e -> made.merge(newest, 1L, Long::sum);
                case EpochClosed e -> closed += made.getOrDefault(e.epoch(), 0L);
                default -> {
                    // Makes no lease.
                }
            }
        }
        return closed;
    }

    private static long count(MemoryLog log, Class<? extends Event> type) {
        return log.events().stream()
                .filter(event -> type.isInstance(event.event()))
                .count();
    }

    /** The rows are what a fold of the whole history gives. */
    public static void ofRows(SimNetwork network) {
        network.catchUp();
        MemoryStorage rebuilt = new MemoryStorage();
        LiveSet fresh = new LiveSet(rebuilt);
        fresh.load();
        network.log.events().forEach(event -> fresh.deliver(event.index(), event.event()));
        fresh.write();
        Map<String, String> kept = new TreeMap<>();
        network.rows().load(LiveSet.TABLES, row -> kept.put(row.table() + "/" + row.key(), row.body()));
        assertThat(kept).isEqualTo(rebuilt.bodies());
        assertThat(kept).isNotEmpty();
    }
}
