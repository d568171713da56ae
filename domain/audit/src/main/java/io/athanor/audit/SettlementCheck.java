package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.epoch.RewardFormula;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.epoch.RewardStatement.AccountLines;
import io.athanor.domain.epoch.RewardTerm;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.stake.StakePoolEvent.PoolRewarded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes every epoch's rewards again from rounds, verdicts and reserves, and compares each account's lines, each
 * batch's root and the chain of heads with what was recorded.
 */
final class SettlementCheck implements Check {
    private final EpochEvidence evidence = new EpochEvidence();
    private final Map<Long, Books> open = new HashMap<>();
    /** The leases that were made in each epoch that is not closed. */
    private final Map<Long, List<JobAssigned>> leases = new HashMap<>();

    private ChainHead head = ChainHead.GENESIS;
    private @Nullable Long newest;
    private @Nullable Long explained;
    private final List<RewardTerm> terms = new ArrayList<>();
    /**
     * Histories that began before matches were leaves have batches of settlements alone. With the first match in a batch
     * all later epochs owe theirs.
     */
    private boolean matchesAreLeaves;

    /** One epoch's recorded settlement, collected until the epoch closes. */
    private static final class Books {
        private final RewardsComputed rewards;
        private final EpochEvidence.Snapshot snapshot;
        private final TreeMap<TaskId, JobSettled> tasks = new TreeMap<>();
        private final Map<Wallet, HoldSettled> holds = new HashMap<>();
        private final Map<Wallet, EarningsCredited> earnings = new HashMap<>();
        private final Map<PoolId, Ath> pools = new HashMap<>();
        private int batched;

        Books(RewardsComputed rewards, EpochEvidence.Snapshot snapshot) {
            this.rewards = rewards;
            this.snapshot = snapshot;
        }
    }

    /** Keeps the terms of this epoch's emission when its rewards are computed. */
    void explain(long epoch) {
        explained = epoch;
    }

    List<RewardTerm> terms() {
        return List.copyOf(terms);
    }

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        evidence.look(before, event);
        switch (event) {
            case RewardsComputed e ->
                open.put(
                        e.epoch(),
                        new Books(
                                e,
                                evidence.snapshot(
                                        e.epoch(),
                                        before,
                                        reserve(before, Reserve.PROVIDER),
                                        reserve(before, Reserve.CHECKER))));
            case HoldSettled e -> books(e.epoch()).holds.put(e.wallet(), e);
            case EarningsCredited e -> books(e.epoch()).earnings.put(e.wallet(), e);
            case PoolRewarded e -> books(e.epoch()).pools.put(e.pool(), e.amount());
            case JobSettled e -> books(e.epoch()).tasks.put(e.task(), e);
            case EpochOpened e -> newest = e.epoch();
            case JobAssigned e -> {
                if (newest != null) {
                    leases.computeIfAbsent(newest, epoch -> new ArrayList<>()).add(e);
                }
            }
            case SettlementBatched e -> batched(books(e.epoch()), e.batch(), problem);
            case EpochClosed e -> closed(e, problem);
            default -> {
                // Not settlement.
            }
        }
    }

    private static Ath reserve(World before, Reserve reserve) {
        return new Ath(before.balances.balance(LedgerAccount.reserve(reserve)));
    }

    private Books books(long epoch) {
        Books books = open.get(epoch);
        if (books == null) {
            throw new IllegalStateException("epoch " + epoch + " was settled before its rewards were computed");
        }
        return books;
    }

    private void batched(Books books, Batch batch, Consumer<String> problem) {
        Batch expected = leaves(books).batch(head, books.batched, batch.count());
        books.batched += batch.count();
        matchesAreLeaves |= books.batched > books.tasks.size();
        boolean same = expected.root().equals(batch.root())
                && expected.count() == batch.count()
                && expected.total().equals(batch.total());
        if (!same) {
            problem.accept("the batch's root, count or total is not that of the epoch's settled tasks and leases");
        }
        if (batch.seq() != head.seq() + 1 || !batch.previous().equals(head.head())) {
            problem.accept("the batch does not continue the chain of heads at " + head.seq());
        }
        head = batch.head();
    }

    private EpochLeaves leaves(Books books) {
        return new EpochLeaves(books.tasks.values(), leases.getOrDefault(books.rewards.epoch(), List.of()));
    }

    private void closed(EpochClosed e, Consumer<String> problem) {
        Books books = books(e.epoch());
        int owed = (matchesAreLeaves ? leaves(books).size() : books.tasks.size()) - books.batched;
        open.remove(e.epoch());
        leases.remove(e.epoch());
        if (owed != 0) {
            problem.accept(owed + " leaves of settled tasks and leases are in no batch");
        }
        if (!e.head().equals(head)) {
            problem.accept("the epoch closes at head " + e.head().seq() + ", the batches end at " + head.seq());
        }
        rewards(books, problem);
    }

    private void rewards(Books books, Consumer<String> problem) {
        EpochFacts facts = evidence.facts(books.snapshot, books.tasks.values());
        RewardsComputed recorded = books.rewards;
        boolean asked = explained != null && explained == recorded.epoch();
        RewardStatement statement =
                RewardFormula.compute(facts, books.snapshot.parameters(), asked ? terms::add : null);
        boolean same = statement.root().equals(recorded.root())
                && statement.formulaVersion() == recorded.formulaVersion()
                && statement.accounts().size() == recorded.accounts()
                && statement.clientCost().equals(recorded.clientCost())
                && statement.providerEmission().equals(recorded.providerEmission())
                && statement.checkerEmission().equals(recorded.checkerEmission())
                && statement.protocolFee().equals(recorded.protocolFee());
        if (!same) {
            problem.accept("the rewards of epoch " + recorded.epoch() + " come out as root " + statement.root()
                    + ", providers " + statement.providerEmission() + ", checkers " + statement.checkerEmission()
                    + ", clients " + statement.clientCost() + "; recorded were " + recorded);
        }
        statement.accounts().forEach(account -> lines(books, account, problem));
        Map<PoolId, Ath> pools = new HashMap<>();
        statement.pools().forEach(part -> pools.put(part.pool(), part.amount()));
        if (!pools.equals(books.pools)) {
            problem.accept("delegators got " + books.pools + " where the formula says " + pools);
        }
    }

    private static void lines(Books books, AccountLines account, Consumer<String> problem) {
        HoldSettled holds = books.holds.get(account.wallet());
        EarningsCredited earnings = books.earnings.get(account.wallet());
        boolean same = account.holds().equals(holds == null ? List.of() : holds.lines())
                && account.earnings().equals(earnings == null ? List.of() : earnings.lines());
        if (!same) {
            problem.accept("account " + account.wallet() + " was booked otherwise than the formula says");
        }
    }
}
