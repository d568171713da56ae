package io.athanor.query.testing;

import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.MachineEvent.QualityScored;
import io.athanor.domain.machine.Quality.Day;
import io.athanor.domain.machine.Quality.Scored;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

/** A whole network's history from a seed: jobs interleaved, some lost and run again, epochs settled. */
public final class History {
    private static final int MACHINES = 8;
    private static final int JOBS_AN_EPOCH = 50;
    private static final Wallet CLIENT = Ids.wallet(100);

    private final Random random;
    private final List<List<Event>> groups = new ArrayList<>();
    private ChainHead head = ChainHead.GENESIS;

    private History(long seed) {
        this.random = new Random(seed);
    }

    /** Groups of events, each one append. */
    public static List<List<Event>> of(long seed, int jobs) {
        History history = new History(seed);
        history.begin(jobs);
        for (int epoch = 0; epoch * JOBS_AN_EPOCH < jobs; epoch++) {
            history.epoch(epoch, Math.min(JOBS_AN_EPOCH, jobs - epoch * JOBS_AN_EPOCH));
        }
        return history.groups;
    }

    private void begin(int jobs) {
        groups.add(Network.genesis());
        groups.add(List.of(
                Network.deposit(CLIENT, 1, Jobs.CAP_OF_TASK.times(8L * jobs).plus(Ath.ofWhole(1)))));
        MachineId[] machines = new MachineId[MACHINES];
        for (int i = 0; i < MACHINES; i++) {
            machines[i] = Ids.machine(i);
        }
        groups.add(Network.provider(machines));
        groups.add(days(machines[0]));
        groups.add(Network.checker(Network.CHECKER));
        groups.add(Network.checker(Network.LAZY_CHECKER));
        groups.addAll(CaseFiles.dismissed(6));
        groups.add(keys());
        groups.add(List.of(new NetworkPaused(
                Ids.wallet(98), "drill", Ids.at(50), Ids.authorization(Ids.wallet(98), 93), Ids.at(40))));
        groups.add(canaries());
    }

    private static List<Event> days(MachineId machine) {
        return LongStream.range(0, 9)
                .<Event>mapToObj(day -> {
                    Day figures = new Day(17, 18, 4, 1);
                    return new QualityScored(
                            machine,
                            new Scored(day, figures, figures.parts(), 755_555, 755_555, true),
                            Ids.at(40 + day));
                })
                .toList();
    }

    private static List<Event> canaries() {
        CanaryPlan plan = new CanaryPlan(7, Hash32.keccak(new byte[] {1}), List.of());
        Wallet shopper = Ids.wallet(97);
        return List.of(
                new CanariesCommitted(
                        plan.epoch(), Sha256.of(new byte[] {2}), Ids.authorization(shopper, 94), Ids.at(45)),
                new CanariesCommitted(8, Sha256.of(new byte[] {3}), Ids.authorization(shopper, 95), Ids.at(46)),
                new CanariesOpened(
                        plan, List.of(), Ath.ZERO, null, null, null, Ids.authorization(shopper, 96), Ids.at(47)));
    }

    private static List<Event> keys() {
        SessionKey key = new SessionKey(Ids.wallet(99), Ath.ofWhole(5), Set.of(Scope.values()), Ids.at(99_000));
        return List.of(
                new SessionKeyAuthorised(CLIENT, key, Ids.authorization(CLIENT, 91), Ids.at(91)),
                new SessionKeyRevoked(CLIENT, key.key(), Ids.authorization(CLIENT, 92), Ids.at(92)));
    }

    private void epoch(int epoch, int jobs) {
        long start = epoch * 10_000L;
        groups.add(List.of(Network.openEpoch(epoch)));
        List<TaskId> tasks = new ArrayList<>();
        List<List<List<Event>>> lives = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            JobId id = Ids.job(1_000L + (long) epoch * JOBS_AN_EPOCH + i);
            int count = random.nextInt(10) == 0 ? 3 : 1;
            groups.add(Jobs.submit(id, CLIENT, count, start + i));
            for (TaskId task : Jobs.tasks(id, count)) {
                tasks.add(task);
                lives.add(life(task, start + 100));
            }
        }
        interleave(lives);
        round(epoch, tasks.getFirst(), start + 5_000);
        tasks.forEach(task -> groups.add(List.of(Jobs.assess(task, start + 8_000))));
        settle(epoch, tasks, start + 9_000);
    }

    private List<List<Event>> life(TaskId task, long millis) {
        MachineId machine = Ids.machine(random.nextInt(MACHINES));
        List<List<Event>> steps = new ArrayList<>();
        int fence = 1;
        if (random.nextInt(8) == 0) {
            steps.add(Jobs.assign(task, fence, machine, millis));
            steps.add(Jobs.lose(task, fence++, machine, millis + 200));
        }
        steps.add(Jobs.assign(task, fence, machine, millis + 300));
        steps.add(List.of(Jobs.start(task, fence, millis + 400)));
        steps.add(Jobs.complete(task, fence, machine, millis + 4_000));
        return steps;
    }

    private void interleave(List<List<List<Event>>> lives) {
        List<List<List<Event>>> open = new ArrayList<>(lives);
        while (!open.isEmpty()) {
            int next = random.nextInt(open.size());
            List<List<Event>> life = open.get(next);
            groups.add(life.removeFirst());
            if (life.isEmpty()) {
                open.remove(next);
            }
        }
    }

    private void round(int epoch, TaskId task, long millis) {
        RoundId id = new RoundId(epoch, RoundId.Kind.DELIVERY, 0, 0);
        RoundOpened opened = Network.openRound(id, task, Ids.machine(0), millis);
        groups.add(List.of(opened));
        groups.add(List.of(Network.commit(id, Network.CHECKER, millis + 10)));
        groups.add(List.of(Network.reveal(opened, Network.CHECKER, millis + 3_010)));
        groups.add(List.of(Network.finalizeRound(opened, millis + 6_000)));
    }

    private void settle(int epoch, List<TaskId> tasks, long millis) {
        List<Event> books = Network.settle(epoch, CLIENT, tasks, head, 40, millis);
        groups.add(books);
        for (Event event : books) {
            if (event instanceof SettlementBatched batched) {
                head = batched.batch().head();
                groups.add(List.of(Network.anchor(epoch, head.seq(), millis + 500)));
            }
        }
    }
}
