package io.athanor.query.testing;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.authorization;
import static io.athanor.query.testing.Ids.hash;
import static io.athanor.query.testing.Ids.sha256;
import static io.athanor.query.testing.Ids.wallet;

import io.athanor.codec.Profiles;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerActivated;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The events around jobs: genesis, parties, machines, rounds, and an epoch's books. */
public final class Network {
    public static final Wallet CHECKER = wallet(301);
    public static final Wallet LAZY_CHECKER = wallet(302);
    public static final Ath EMISSION = Ath.ofWhole(100);

    private Network() {}

    public static List<Event> genesis() {
        return List.of(
                new NetworkBegun(31337, wallet(1), wallet(2), Ids.START, at(0)),
                new ParametersActivated(1, Profiles.load("devnet"), 0, at(0)),
                new ReserveCredited(1, Reserve.PROVIDER, Ath.ofWhole(1_000_000), hash("r1"), 5, at(1)),
                new ReserveCredited(2, Reserve.CHECKER, Ath.ofWhole(1_000_000), hash("r2"), 5, at(1)));
    }

    public static Event deposit(Wallet to, long number, Ath amount) {
        return new DepositCredited(to, number, amount, hash("deposit" + number), 10 + number, at(10 + number));
    }

    public static List<Event> provider(MachineId... machines) {
        List<Event> events = new ArrayList<>();
        events.add(new ProviderRegistered(Jobs.PROVIDER, "Forge", "forge", authorization(Jobs.PROVIDER, 20), at(20)));
        for (MachineId machine : machines) {
            events.add(new MachineEnrolled(
                    machine,
                    Jobs.PROVIDER,
                    "0x" + "33".repeat(32),
                    inventory(),
                    authorization(Jobs.PROVIDER, 21),
                    at(21)));
            events.add(new OfferListed(
                    machine, Ath.ofWei(100_000_000_000_000L), authorization(Jobs.PROVIDER, 22), at(22)));
            events.add(new MachineWentOnline(machine, at(23)));
            events.add(new MachineCertified(machine, new RoundId(0, RoundId.Kind.ONBOARDING, 0, 0), 1_000_000, at(24)));
        }
        events.add(new ProviderActivated(Jobs.PROVIDER, at(25)));
        return events;
    }

    public static Inventory inventory() {
        List<Inventory.Gpu> gpus = IntStream.rangeClosed(1, 8)
                .mapToObj(i -> new Inventory.Gpu("GPU-" + i, "H100", 81_920, 90, "simulated"))
                .toList();
        return new Inventory(
                "0x" + "44".repeat(32), new Region("eu-west"), gpus, 64, 262_144, 2_000, 1_000, 1_000, "28", true);
    }

    public static List<Event> checker(Wallet checker) {
        return List.of(
                new StakeBonded(PoolId.ofChecker(checker), 1, Ath.ofWhole(10_000), hash("bond"), 7, at(30)),
                new CheckerRegistered(
                        checker,
                        "group-" + checker,
                        "as64500",
                        new Region("eu-west"),
                        "http://127.0.0.1:8500",
                        authorization(checker, 31),
                        at(31)),
                new AttesterAuthorised(checker, attester(checker), at(31)),
                new CheckerActivated(checker, at(32)));
    }

    public static Wallet attester(Wallet checker) {
        return Wallet.parse("0xaa" + checker.address().substring(4));
    }

    public static Event openEpoch(long epoch) {
        return new EpochOpened(
                epoch,
                at(epoch * 10_000),
                at((epoch + 1) * 10_000),
                100 + epoch,
                hash("block" + epoch),
                List.of(),
                hash("eligible"),
                at(epoch * 10_000));
    }

    public static RoundOpened openRound(RoundId round, TaskId task, MachineId machine, long millis) {
        Subject subject = new Subject.DeliverySubject(task.lease(1), machine, Jobs.PROVIDER, "0x" + "33".repeat(32));
        Draw draw = new Draw(hash("block"), null, hash("salts"), hash("candidates"), 2, List.of("forge"), hash("seed"));
        return new RoundOpened(
                round,
                31337,
                List.of(subject),
                List.of(new Seat(CHECKER, attester(CHECKER), 2), new Seat(LAZY_CHECKER, attester(LAZY_CHECKER), 1)),
                2,
                draw,
                at(millis),
                at(millis + 3_000),
                at(millis + 6_000),
                at(millis));
    }

    public static Event commit(RoundId round, Wallet checker, long millis) {
        return new ReportCommitted(round, checker, hash("commit" + checker), "0x" + "55".repeat(65), at(millis));
    }

    public static Event reveal(RoundOpened round, Wallet checker, long millis) {
        List<Finding> findings = round.subjects().stream()
                .map(s -> new Finding(s.key(), Finding.Fact.DELIVERED, hash(s.key()), 3_600, 1_200))
                .toList();
        Report report = new Report(round.round(), checker, findings, sha256("evidence"));
        return new ReportRevealed(round.round(), checker, report, hash("salt"), "0x" + "66".repeat(65), at(millis));
    }

    public static Event finalizeRound(RoundOpened round, long millis) {
        List<Verdict> verdicts = round.subjects().stream()
                .map(s -> new Verdict(s.key(), Finding.Fact.DELIVERED, hash(s.key()), 3_600, 2, 3))
                .toList();
        List<Consistency> marks = List.of(
                new Consistency(CHECKER, Consistency.Mark.CORRECT),
                new Consistency(LAZY_CHECKER, Consistency.Mark.UNREVEALED));
        return new RoundFinalized(round.round(), verdicts, marks, hash("salts"), at(millis));
    }

    /** The books of an epoch: rewards, settled tasks, accounts, batches of at most {@code batchSize}, closing. */
    public static List<Event> settle(
            long epoch, Wallet client, List<TaskId> tasks, ChainHead head, int batchSize, long millis) {
        return settle(epoch, client, tasks, List.of(), head, batchSize, millis);
    }

    /** As {@link #settle}, with the leases that were made in the epoch. */
    public static List<Event> settle(
            long epoch,
            Wallet client,
            List<TaskId> tasks,
            List<JobAssigned> leases,
            ChainHead head,
            int batchSize,
            long millis) {
        List<TaskId> sorted = tasks.stream().sorted().toList();
        Ath cost = Jobs.COST.times(tasks.size());
        Ath fee = cost.bps(2_000);
        List<Event> events = new ArrayList<>();
        events.add(
                new RewardsComputed(epoch, 1, cost, EMISSION, Ath.ZERO, fee, 2, hash("rewards" + epoch), at(millis)));
        List<HoldLine> lines = sorted.stream()
                .map(task -> new HoldLine(task, Jobs.COST, Jobs.CAP_OF_TASK.minus(Jobs.COST)))
                .toList();
        events.add(new HoldSettled(client, epoch, lines, at(millis)));
        events.add(new EarningsCredited(
                Jobs.PROVIDER,
                epoch,
                List.of(
                        new EarningLine(EarningLine.Kind.HOST_FEE, "fees", cost.minus(fee)),
                        new EarningLine(EarningLine.Kind.PROOF_OF_CAPACITY, "machine", EMISSION)),
                at(millis)));
        List<JobSettled> settled = sorted.stream()
                .map(task -> Jobs.settle(task, epoch, client, millis))
                .toList();
        List<JobSettled> shuffled = new ArrayList<>(settled);
        shuffled.sort(Comparator.comparing(s -> hash(s.task().toString())));
        events.addAll(shuffled);
        ChainHead last = head;
        EpochLeaves leaves = new EpochLeaves(settled, leases);
        for (int from = 0; from < leaves.size(); from += batchSize) {
            Batch batch = leaves.batch(last, from, batchSize);
            last = batch.head();
            events.add(new SettlementBatched(epoch, batch, at(millis)));
        }
        events.add(new EpochClosed(epoch, last, at(millis + 1)));
        return events;
    }

    public static Event anchor(long epoch, long seq, long millis) {
        return new SettlementAnchored(epoch, seq, hash("transaction" + seq), 500 + seq, at(millis));
    }
}
