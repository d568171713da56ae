package io.athanor.apitest;

import io.athanor.domain.account.Account;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.query.Queries.EstimateJob;
import io.athanor.domain.query.Queries.ExplainMachineNow;
import io.athanor.domain.query.Queries.ExplainPlacement;
import io.athanor.domain.query.Queries.FindAccount;
import io.athanor.domain.query.Queries.FindBatch;
import io.athanor.domain.query.Queries.FindCase;
import io.athanor.domain.query.Queries.FindChecker;
import io.athanor.domain.query.Queries.FindCheckerByAttester;
import io.athanor.domain.query.Queries.FindEpoch;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.query.Queries.FindObligation;
import io.athanor.domain.query.Queries.FindProof;
import io.athanor.domain.query.Queries.FindProvider;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.query.Queries.JobTimeline;
import io.athanor.domain.query.Queries.ListBatches;
import io.athanor.domain.query.Queries.ListCheckers;
import io.athanor.domain.query.Queries.ListEpochs;
import io.athanor.domain.query.Queries.ListJobs;
import io.athanor.domain.query.Queries.ListLedger;
import io.athanor.domain.query.Queries.ListMachines;
import io.athanor.domain.query.Queries.ListRewards;
import io.athanor.domain.query.Queries.ListRounds;
import io.athanor.domain.query.Queries.OpenRoundsOf;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.EstimateView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.LedgerLine;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProofView;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.RewardLineView;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.view.TaskView;
import io.athanor.domain.view.TimelineEntry;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/** Views made of the states at the moment of the question. */
final class MemoryViews {
    private final MemoryNetwork network;

    MemoryViews(MemoryNetwork network) {
        this.network = network;
    }

    private <T> Page<T> page(List<T> all, @Nullable String after, int first) {
        int from = after == null ? 0 : Integer.parseInt(after);
        int to = Math.min(all.size(), from + first);
        return new Page<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : null, network.head());
    }

    @QueryHandler
    Optional<CaseView> penaltyCase(FindCase query) {
        PenaltyCase state = network.state(StreamId.of(StreamId.CASE, query.id()), PenaltyCase.class);
        return Optional.ofNullable(state).map(known -> MemoryCases.view(query.id(), known, network.head()));
    }

    @QueryHandler
    Optional<AccountView> account(FindAccount query) {
        Account account = network.state(StreamId.of(StreamId.ACCOUNT, query.wallet()), Account.class);
        return Optional.ofNullable(account)
                .map(a -> new AccountView(
                        query.wallet(),
                        a.available(),
                        Ath.sum(a.holds().values()),
                        a.vesting().locked(),
                        a.total(),
                        Ath.ZERO,
                        Ath.ZERO,
                        a.withdrawn(),
                        network.head()));
    }

    @QueryHandler
    Optional<JobView> job(FindJob query) {
        return network.events(JobSubmitted.class).stream()
                .filter(e -> e.task().job().equals(query.id()))
                .findFirst()
                .map(this::jobView);
    }

    @QueryHandler
    Page<JobView> jobs(ListJobs query) {
        List<JobView> all = network.events(JobSubmitted.class).reversed().stream()
                .filter(e -> e.task().index() == 0)
                .filter(e -> query.client() == null || e.client().equals(query.client()))
                .map(this::jobView)
                .toList();
        return page(all, query.after(), query.first());
    }

    private JobView jobView(JobSubmitted first) {
        JobId id = first.task().job();
        List<TaskView> tasks = network.<Job>states(StreamId.JOB).entrySet().stream()
                .map(entry -> Map.entry(TaskId.parse(entry.getKey().id()), entry.getValue()))
                .filter(entry -> entry.getKey().job().equals(id))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> taskView(entry.getKey(), entry.getValue()))
                .toList();
        JobSpec spec = Objects.requireNonNull(network.state(StreamId.of(StreamId.JOB, first.task()), Job.class))
                .order()
                .spec();
        return new JobView(
                id,
                first.client(),
                tasks.getFirst().state(),
                spec,
                spec.cap(),
                Ath.ZERO,
                first.at(),
                tasks,
                network.head());
    }

    private TaskView taskView(TaskId id, Job state) {
        Lease lease = network.events(JobAssigned.class).stream()
                .filter(e -> e.task().equals(id))
                .map(JobAssigned::lease)
                .max(Comparator.comparing(Lease::id))
                .orElse(null);
        Receipt receipt = state instanceof Job.Ended ended ? ended.receipt() : null;
        return new TaskView(
                id,
                state.name(),
                lease == null ? null : lease.id(),
                lease == null ? null : lease.machine(),
                lease == null ? null : lease.provider(),
                state instanceof Job.Leased leased ? leased.container() : null,
                state instanceof Job.Ended ended ? ended.ending().name() : null,
                null,
                null,
                state instanceof Job.Settled settled ? settled.endedAt() : null,
                receipt,
                state instanceof Job.Settled settled ? settled.assessment() : null,
                Ath.ZERO,
                null,
                lease != null && lease.simulated());
    }

    @QueryHandler
    Page<TimelineEntry> timeline(JobTimeline query) {
        long after = query.after() == null ? 0 : Long.parseLong(query.after());
        List<TimelineEntry> all = network.timeline(query.id()).stream()
                .filter(entry -> entry.index() > after)
                .toList();
        boolean more = all.size() > query.first();
        List<TimelineEntry> shown = more ? all.subList(0, query.first()) : all;
        return new Page<>(shown, more ? Long.toString(shown.getLast().index()) : null, network.head());
    }

    @QueryHandler
    Optional<PlacementDecision> placement(ExplainPlacement query) {
        return network.events(JobEvent.PlacementDecided.class).stream()
                .filter(e -> e.task().equals(query.task()))
                .map(JobEvent.PlacementDecided::decision)
                .reduce((a, b) -> b);
    }

    @QueryHandler
    EstimateView estimate(EstimateJob query) {
        PlacementDecision nothing = new PlacementDecision(null, 0, Map.of(), List.of(), network.head(), 1, 0);
        return new EstimateView(nothing, query.spec().cap(), Ath.ZERO, null);
    }

    /** What machines have to answer for, as the sagas would tell it. */
    static final Map<MachineId, String> OBLIGATIONS = new ConcurrentHashMap<>();

    @QueryHandler
    Optional<String> obligation(FindObligation query) {
        return Optional.ofNullable(OBLIGATIONS.get(query.machine()));
    }

    @QueryHandler
    String explain(ExplainMachineNow query) {
        return "machine " + query.machine() + " was asked about";
    }

    @QueryHandler
    Optional<MachineView> machine(FindMachine query) {
        Machine machine = network.state(StreamId.of(StreamId.MACHINE, query.id()), Machine.class);
        return Optional.ofNullable(machine).map(m -> machineView(query.id(), m));
    }

    @QueryHandler
    Page<MachineView> machines(ListMachines query) {
        List<MachineView> all = network.<Machine>states(StreamId.MACHINE).entrySet().stream()
                .map(entry -> machineView(MachineId.parse(entry.getKey().id()), entry.getValue()))
                .sorted(Comparator.comparing(MachineView::id))
                .filter(view -> query.provider() == null || view.provider().equals(query.provider()))
                .toList();
        return page(all, query.after(), query.first());
    }

    private MachineView machineView(MachineId id, Machine m) {
        Inventory inventory = Objects.requireNonNull(m.inventory());
        return new MachineView(
                id,
                Objects.requireNonNull(m.provider()),
                Objects.requireNonNull(m.agentKey()),
                m.standing().name(),
                m.online(),
                inventory,
                m.score(),
                m.price(),
                inventory.gpus().size(),
                m.reserved().values().stream().mapToInt(List::size).sum(),
                null,
                Instant.EPOCH,
                List.of(),
                network.head());
    }

    @QueryHandler
    Optional<ProviderView> provider(FindProvider query) {
        Provider provider = network.state(StreamId.of(StreamId.PROVIDER, query.wallet()), Provider.class);
        return Optional.ofNullable(provider)
                .map(p -> new ProviderView(
                        query.wallet(),
                        p.name(),
                        p.ownerGroup(),
                        p.standing().name(),
                        0,
                        p.suspensions(),
                        Instant.EPOCH,
                        network.head()));
    }

    @QueryHandler
    Optional<CheckerView> checker(FindChecker query) {
        return checkers().stream()
                .filter(c -> c.wallet().equals(query.wallet()))
                .findFirst();
    }

    @QueryHandler
    Optional<CheckerView> byAttester(FindCheckerByAttester query) {
        return checkers().stream()
                .filter(c -> c.attester().equals(query.attester()))
                .findFirst();
    }

    @QueryHandler
    Page<CheckerView> checkers(ListCheckers query) {
        return page(checkers(), query.after(), query.first());
    }

    private List<CheckerView> checkers() {
        return network.<Checker>states(StreamId.CHECKER).entrySet().stream()
                .map(entry -> {
                    Checker checker = entry.getValue();
                    CheckerRegistered is = Objects.requireNonNull(checker.registration());
                    Wallet wallet = Wallet.parse(entry.getKey().id());
                    return new CheckerView(
                            wallet,
                            Objects.requireNonNull(checker.attester()),
                            checker.standing().name(),
                            is.ownerGroup(),
                            is.networkGroup(),
                            is.region(),
                            is.endpoint(),
                            Ath.ZERO,
                            0,
                            0,
                            is.at(),
                            network.head());
                })
                .sorted(Comparator.comparing(CheckerView::wallet))
                .toList();
    }

    @QueryHandler
    Optional<RoundView> round(FindRound query) {
        Round round = network.state(StreamId.of(StreamId.ROUND, query.id()), Round.class);
        return Optional.ofNullable(round).map(r -> roundView(query.id(), r));
    }

    private RoundView roundView(RoundId id, Round round) {
        return new RoundView(
                id,
                round.closed() ? "FINALIZED" : "OPEN",
                round.known(),
                round.commitments().size(),
                round.reveals().size(),
                List.of(),
                List.of(),
                null,
                network.head());
    }

    @QueryHandler
    Page<RoundDuty> open(OpenRoundsOf query) {
        List<RoundDuty> duties = network.<Round>states(StreamId.ROUND).values().stream()
                .filter(round -> !round.closed() && network.head() > query.after())
                .filter(round -> round.known().committee().stream()
                        .anyMatch(seat -> seat.checker().equals(query.checker())))
                .map(round -> new RoundDuty(
                        round.known(),
                        round.commitments().containsKey(query.checker()),
                        round.reveals().containsKey(query.checker())))
                .toList();
        return new Page<>(duties, duties.isEmpty() ? null : Long.toString(network.head()), network.head());
    }

    @QueryHandler
    Optional<EpochView> epoch(FindEpoch query) {
        return Optional.empty();
    }

    @QueryHandler
    Page<EpochView> epochs(ListEpochs query) {
        return page(List.of(), query.after(), query.first());
    }

    @QueryHandler
    Page<RoundView> rounds(ListRounds query) {
        List<RoundView> all = network.<Round>states(StreamId.ROUND).values().stream()
                .map(round -> roundView(round.known().round(), round))
                .sorted(Comparator.comparing(RoundView::id))
                .toList();
        return page(all, query.after(), query.first());
    }

    @QueryHandler
    Optional<BatchView> batch(FindBatch query) {
        return Optional.empty();
    }

    @QueryHandler
    Page<BatchView> batches(ListBatches query) {
        return page(List.of(), query.after(), query.first());
    }

    @QueryHandler
    Optional<ProofView> proof(FindProof query) {
        return Optional.empty();
    }

    @QueryHandler
    Page<RewardLineView> rewards(ListRewards query) {
        return page(List.of(), query.after(), query.first());
    }

    @QueryHandler
    Page<LedgerLine> ledger(ListLedger query) {
        return page(List.of(), query.after(), query.first());
    }
}
