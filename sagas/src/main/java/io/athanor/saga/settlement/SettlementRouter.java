package io.athanor.saga.settlement;

import io.athanor.domain.account.AccountCommand.SettleAccount;
import io.athanor.domain.account.AccountCommand.VestEarnings;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Limits;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochCommand.BatchSettlements;
import io.athanor.domain.epoch.EpochCommand.CloseEpoch;
import io.athanor.domain.epoch.EpochCommand.ComputeRewards;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.epoch.RewardFormula;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.epoch.RewardStatement.AccountLines;
import io.athanor.domain.epoch.RewardStatement.PoolPart;
import io.athanor.domain.job.JobCommand.SettleJob;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand.RewardPool;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.attestation.RoundRouter;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import io.athanor.saga.settlement.Books.BookStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Settles the epochs, one after the other: books, rewards, accounts, tasks, batches, closing.
 *
 * <p>Each step is sent when the one before is known to stand, and is a function of the fixed books and the epoch's own
 * stream. After an interruption the accounts and tasks are sent again from the first, and {@code decide} makes what
 * stood already nothing.
 */
public final class SettlementRouter implements Router {
    private static final String ACTOR = "saga:settlement";

    private final LiveSet live;
    private final BookStore store;
    private final BookKeeper keeper;
    private final Map<Long, Work> works = new HashMap<>();

    public SettlementRouter(LiveSet live, BookStore store) {
        this.live = live;
        this.store = store;
        this.keeper = new BookKeeper(live);
    }

    /** An epoch's books that count, and how far its accounts are settled: with a restart again from the first. */
    private static final class Work {
        private final Books books;
        private final RewardStatement statement;
        private int accountsSettled;

        Work(Books books, RewardStatement statement) {
            this.books = books;
            this.statement = statement;
        }
    }

    @Override
    public void look(Instance instance, Plan plan) {
        long id = (Long) instance.id();
        Epoch epoch = live.epoch(id);
        EpochOpened opened = epoch == null ? null : epoch.opened();
        LiveNetwork network = live.network();
        if (epoch == null || epoch.closedHead() != null) {
            forget(id);
            return;
        }
        if (opened == null || network == null) {
            return;
        }
        List<Command> commands = settle(epoch, opened, network, plan);
        if (!commands.isEmpty()) {
            plan.send(instance, ACTOR, commands, took -> advance(id, commands, took));
        }
    }

    private void forget(long epoch) {
        works.remove(epoch);
        store.forget(epoch);
    }

    private void advance(long epoch, List<Command> commands, boolean took) {
        Work work = works.get(epoch);
        if (work != null && took && commands.getFirst() instanceof SettleAccount) {
            work.accountsSettled += (int) commands.stream()
                    .filter(command -> command instanceof SettleAccount)
                    .count();
        }
    }

    private List<Command> settle(Epoch epoch, EpochOpened opened, LiveNetwork network, Plan plan) {
        if (opened.epoch() != live.openEpochs().getFirst()) {
            return List.of();
        }
        RewardsComputed rewards = epoch.rewards();
        if (rewards == null) {
            return compute(opened, network, plan);
        }
        Work work = works.computeIfAbsent(opened.epoch(), id -> work(rewards, network));
        List<Command> accounts = accounts(work, network, plan.now());
        if (!accounts.isEmpty()) {
            return accounts;
        }
        List<Command> pools = pools(work, network, plan.now());
        if (!pools.isEmpty()) {
            return pools;
        }
        List<Command> tasks = tasks(work.books, plan.now());
        return tasks.isEmpty() ? finish(epoch, work.books, network, plan.now()) : tasks;
    }

    /** Makes the books where it is their turn, and keeps them before their rewards are sent. */
    private List<Command> compute(EpochOpened opened, LiveNetwork network, Plan plan) {
        Instant until = RoundRouter.booksUntil(opened);
        boolean due = plan.now().isBefore(until)
                ? keeper.waitsFor(opened) == null && !plan.now().isBefore(opened.endsAt())
                : keeper.hasGivenWay(opened.epoch());
        if (!due && plan.now().isBefore(until)) {
            plan.wakeAt(until, Instance.epoch(opened.epoch()));
        }
        if (!due) {
            return List.of();
        }
        Books books = keeper.make(opened);
        RewardStatement statement = statement(books, network);
        store.keep(statement.root(), books);
        return List.of(new ComputeRewards(opened.epoch(), statement, plan.now()));
    }

    private Work work(RewardsComputed rewards, LiveNetwork network) {
        Books books = store.find(rewards.epoch(), rewards.root())
                .orElseThrow(() -> new IllegalStateException(
                        "no books of epoch " + rewards.epoch() + " have the root " + rewards.root()));
        return new Work(books, statement(books, network));
    }

    private static RewardStatement statement(Books books, LiveNetwork network) {
        return RewardFormula.compute(books.facts(), parameters(books, network).parameters());
    }

    private static ParametersActivated parameters(Books books, LiveNetwork network) {
        return network.versions().stream()
                .filter(version -> version.version() == books.parametersVersion())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("parameters " + books.parametersVersion() + " are no longer known"));
    }

    /** The next accounts, as many as have {@code Limits.CHUNK_LINES} lines together, at least one. */
    private static List<Command> accounts(Work work, LiveNetwork network, Instant now) {
        int vestingDays = vestingDays(work.books, network);
        List<Command> commands = new ArrayList<>();
        List<AccountLines> all = work.statement.accounts();
        int lines = 0;
        for (AccountLines account : all.subList(work.accountsSettled, all.size())) {
            lines += account.holds().size() + account.earnings().size();
            if (!commands.isEmpty() && lines > Limits.CHUNK_LINES) {
                break;
            }
            commands.add(
                    new SettleAccount(account.wallet(), work.books.epoch(), account.holds(), account.earnings(), now));
            Ath emission = account.emission();
            if (vestingDays > 0 && !emission.isZero()) {
                long day = day(network, now);
                commands.add(new VestEarnings(account.wallet(), work.books.epoch(), emission, vestingDays, day, now));
            }
        }
        return commands;
    }

    private static int vestingDays(Books books, LiveNetwork network) {
        Earnings rules = parameters(books, network).parameters().economics().earnings();
        return rules == null ? 0 : rules.vestingDays();
    }

    private static long day(LiveNetwork network, Instant now) {
        NetworkBegun begun = network.protocol().network();
        if (begun == null) {
            throw new IllegalStateException("an epoch is settled and the network has not begun");
        }
        return StakeRules.day(
                now, begun.genesis(), network.protocol().current().parameters().timing());
    }

    /** The next pools whose delegators have not got their part: a pool takes each epoch once, in the epochs' order. */
    private List<Command> pools(Work work, LiveNetwork network, Instant now) {
        long epoch = work.books.epoch();
        long day = epoch / network.protocol().current().parameters().timing().epochsPerDay();
        List<Command> commands = new ArrayList<>();
        for (PoolPart part : work.statement.pools()) {
            StakePool pool = live.pool(part.pool());
            if (commands.size() < Limits.CHUNK_LINES && (pool == null || pool.lastEpoch() < epoch)) {
                commands.add(new RewardPool(part.pool(), epoch, day, part.amount(), now));
            }
        }
        return commands;
    }

    /** The next tasks of the books that are not settled: settled ones have left the live set. */
    private List<Command> tasks(Books books, Instant now) {
        List<Command> commands = new ArrayList<>();
        for (AssessedTask task : books.tasks()) {
            if (commands.size() == Limits.CHUNK_LINES) {
                break;
            }
            if (live.task(task.task()) != null) {
                commands.add(new SettleJob(task.task(), books.epoch(), now));
            }
        }
        return commands;
    }

    private List<Command> finish(Epoch epoch, Books books, LiveNetwork network, Instant now) {
        ChainHead head = epoch.batches().isEmpty()
                ? network.head()
                : epoch.batches().getLast().head();
        int from = epoch.batches().stream().mapToInt(Batch::count).sum();
        EpochLeaves leaves = books.leaves(live.leasesOf(books.epoch()), now);
        return List.of(
                from == leaves.size()
                        ? new CloseEpoch(books.epoch(), head, now)
                        : new BatchSettlements(books.epoch(), leaves.batch(head, from), now));
    }
}
