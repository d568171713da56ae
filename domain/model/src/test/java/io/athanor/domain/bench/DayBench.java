package io.athanor.domain.bench;

import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.account.AccountCommand.SettleAccount;
import io.athanor.domain.account.AccountCommand.VestEarnings;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.epoch.PayoutTree;
import io.athanor.domain.epoch.RewardFormula;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.epoch.RewardStatement.AccountLines;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rules' part of closing a day: rewards, accounts, batches and the day's root, for many accounts and tasks. The event
 * store's part is what {@code athanor bench jobs} measures.
 *
 * <p>Floor: making and hashing the same tasks' leaves and nothing else, in the same run. Arguments: accounts, tasks, epochs.
 */
public final class DayBench {
    private static final int CHECKERS = 1_000;
    private static final int VESTING_DAYS = 180;
    private static final long FEE_BPS = 2_000;
    private static final Ath COST = Ath.ofWei(900_000_000_000_000_000L);
    private static final Ath CAP = Ath.ofWhole(1);
    private static final long NANOS = 1_000_000_000;

    private final Samples samples = new Samples(1);
    private final ProtocolParameters parameters =
            SampleParameters.paying(new CheckerPay(Ath.ofWhole(10), Ath.ofWhole(131_250_000), 91));
    private final List<Wallet> wallets;
    private final List<Wallet> checkers = samples.wallets(CHECKERS);
    private final List<MachineId> machines = new ArrayList<>();
    private final Map<Wallet, Account> accounts = new HashMap<>();
    private final Authorization signed;
    private long leavesNanos;
    private long rulesNanos;
    private long peakBytes;

    private DayBench(int size) {
        wallets = samples.wallets(size);
        wallets.forEach(wallet -> machines.add(samples.machine()));
        signed = samples.authorization(wallets.getFirst());
    }

    public static void main(String[] arguments) {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50_000;
        int tasks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int epochs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 96;
        DayBench bench = new DayBench(size);
        for (int epoch = 0; epoch < epochs; epoch++) {
            bench.epoch(epoch, tasks / epochs);
            if ((epoch + 1) % Math.max(1, epochs / 4) == 0) {
                say(String.format(Locale.ROOT, "after epoch %d: %d MiB live", epoch + 1, live() >> 20));
            }
        }
        bench.report(size, tasks);
    }

    private static void say(String text) {
        System.out.println(text);
    }

    /** Of this thread, so that what else the machine does is not counted. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long live() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private void epoch(long epoch, int count) {
        List<AssessedTask> tasks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            TaskId task = samples.task();
            Wallet client = wallets.get(samples.between(0, wallets.size() - 1));
            Wallet host = wallets.get(samples.between(0, wallets.size() - 1));
            tasks.add(SampleEpoch.task(task, client, host, Outcome.DELIVERED, COST, CAP, FEE_BPS));
            accounts.put(client, accounts.getOrDefault(client, funded(client)).evolve(held(client, task)));
        }
        EpochFacts facts = new EpochFacts(epoch, tasks, online(), marks(), Ath.ofWhole(1_000_000_000), Ath.SUPPLY);
        long start = cpuNanos();
        settle(epoch, facts);
        rulesNanos += cpuNanos() - start;
        start = cpuNanos();
        long bytes = 0;
        for (AssessedTask task : tasks) {
            bytes += MerkleTree.leafHash(leaf(task, epoch)).bytes().length;
        }
        leavesNanos += cpuNanos() - start;
        Runtime runtime = Runtime.getRuntime();
        peakBytes = Math.max(peakBytes, runtime.totalMemory() - runtime.freeMemory() + bytes % 2);
    }

    private static Account funded(Wallet client) {
        return Account.EMPTY.evolve(
                new DepositCredited(client, 1, Ath.ofWhole(1_000_000), Hash32.ZERO, 1, Samples.START));
    }

    private FundsHeld held(Wallet client, TaskId task) {
        return new FundsHeld(client, task.job(), CAP, signed, Samples.START);
    }

    private List<LiveMachine> online() {
        List<LiveMachine> all = new ArrayList<>(machines.size());
        for (int i = 0; i < machines.size(); i++) {
            all.add(new LiveMachine(machines.get(i), wallets.get(i), 1_000_000, 15, 990_000));
        }
        return all;
    }

    private List<CheckerMarks> marks() {
        return checkers.stream().map(checker -> new CheckerMarks(checker, 3)).toList();
    }

    private static byte[] leaf(AssessedTask task, long epoch) {
        return SettlementLeaf.of(
                new JobSettled(task.task(), epoch, task.client(), task.provider(), task.assessment(), Samples.START));
    }

    private void settle(long epoch, EpochFacts facts) {
        RewardStatement statement = RewardFormula.compute(facts, parameters);
        if (!statement.balanced()) {
            throw new IllegalStateException("the statement of epoch " + epoch + " does not add up");
        }
        for (AccountLines lines : statement.accounts()) {
            Account account = accounts.computeIfAbsent(lines.wallet(), DayBench::funded);
            account = after(
                    account, new SettleAccount(lines.wallet(), epoch, lines.holds(), lines.earnings(), Samples.START));
            account = after(
                    account, new VestEarnings(lines.wallet(), epoch, lines.emission(), VESTING_DAYS, 0, Samples.START));
            accounts.put(lines.wallet(), account);
        }
        List<AssessedTask> tasks = facts.tasks();
        for (int from = 0; from < tasks.size(); from += Limits.BATCH_LEAVES) {
            List<AssessedTask> part = tasks.subList(from, Math.min(tasks.size(), from + Limits.BATCH_LEAVES));
            MerkleTree.root(part.stream().map(task -> leaf(task, epoch)).toList());
        }
    }

    private static Account after(Account account, AccountCommand command) {
        Account now = account;
        for (AccountEvent event : account.decide(command)) {
            now = now.evolve(event);
        }
        return now;
    }

    private void report(int size, int tasks) {
        long start = cpuNanos();
        Map<Wallet, Ath> requested = new HashMap<>();
        accounts.forEach((wallet, account) -> requested.put(wallet, Ath.ofWhole(1)));
        PayoutTree.of(requested, Map.of());
        rulesNanos += cpuNanos() - start;
        say(String.format(
                Locale.ROOT, "floor, %d leaves made and hashed: %.1f s of CPU", tasks, (double) leavesNanos / NANOS));
        say(String.format(
                Locale.ROOT,
                "day of %d accounts and %d tasks: %.1f s of one CPU, %.1f times the floor; at most %d MiB in use",
                size,
                tasks,
                (double) rulesNanos / NANOS,
                (double) rulesNanos / leavesNanos,
                peakBytes >> 20));
    }
}
