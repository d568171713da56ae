package io.athanor.domain.query;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.job.JobSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The questions. Single answers are the view or nothing (an empty {@code Optional}); lists are a
 * {@link io.athanor.domain.view.Page} by keyset cursor, {@code first} rows at most {@code Limits.PAGE_ROWS}.
 */
public final class Queries {
    private Queries() {}

    /** → Optional&lt;JobView&gt; */
    public record FindJob(JobId id) {}

    /** → Page&lt;JobView&gt;, newest first; tasks are left out */
    public record ListJobs(
            @Nullable Wallet client,
            @Nullable String state,
            @Nullable String after,
            int first) {}

    /** → Page&lt;TimelineEntry&gt;, oldest first */
    public record JobTimeline(JobId id, @Nullable String after, int first) {}

    /** → Page&lt;TaskUsageView&gt;: what the job's containers used, as last measured, in the order of the tasks */
    public record ListUsage(JobId id, @Nullable String after, int first) {}

    /** → Optional&lt;PlacementDecision&gt;: the newest decision for a task */
    public record ExplainPlacement(TaskId task) {}

    /** → Optional&lt;MachineView&gt; */
    public record FindMachine(MachineId id) {}

    /** → Page&lt;MachineView&gt; */
    public record ListMachines(
            @Nullable Wallet provider, @Nullable String after, int first) {}

    /** → Optional&lt;AccountView&gt; */
    public record FindAccount(Wallet wallet) {}

    /** → Page&lt;RewardLineView&gt;: a wallet's statement, newest first, of one epoch or of all */
    public record ListRewards(
            Wallet wallet, @Nullable Long epoch, @Nullable String after, int first) {}

    /** → Page&lt;SessionKeyView&gt;: also revoked and expired ones, in the order of the keys */
    public record ListSessionKeys(Wallet wallet, @Nullable String after, int first) {}

    /** → Page&lt;LedgerLine&gt;, newest first, of one ledger account or of all */
    public record ListLedger(
            @Nullable String account, @Nullable String after, int first) {}

    /** → Page&lt;LedgerBalance&gt;: every ledger account's sums, in account order */
    public record ListBalances(@Nullable String after, int first) {}

    /** → Optional&lt;ProviderView&gt; */
    public record FindProvider(Wallet wallet) {}

    /** → Optional&lt;CheckerView&gt; */
    public record FindChecker(Wallet wallet) {}

    /** → Optional&lt;CheckerView&gt;, by its attester key */
    public record FindCheckerByAttester(Wallet attester) {}

    /** → Page&lt;CheckerView&gt; */
    public record ListCheckers(@Nullable String after, int first) {}

    /** → Optional&lt;EpochView&gt; */
    public record FindEpoch(long epoch) {}

    /** → Page&lt;EpochView&gt;, newest first */
    public record ListEpochs(@Nullable String after, int first) {}

    /** → Optional&lt;RoundView&gt; */
    public record FindRound(RoundId id) {}

    /** → Page&lt;RoundView&gt;, newest first, of one epoch or of all */
    public record ListRounds(@Nullable Long epoch, @Nullable String after, int first) {}

    /** → Optional&lt;CaseView&gt; */
    public record FindCase(CaseId id) {}

    /** → Page&lt;CaseView&gt;, newest first, of one pool or of all */
    public record ListCases(
            @Nullable PoolId accused, @Nullable String after, int first) {}

    /**
     * → Page&lt;CheckerProtocol.RoundDuty&gt;: open rounds in whose committee the checker sits, how far it got; of those
     * opened after this event, oldest first. The page's {@code next} is the event that opened the last of them.
     */
    public record OpenRoundsOf(Wallet checker, long after) {}

    /** → Optional&lt;BatchView&gt; */
    public record FindBatch(long seq) {}

    /** → Page&lt;BatchView&gt;, newest first */
    public record ListBatches(@Nullable String after, int first) {}

    /**
     * → Optional&lt;ProofView&gt;: once the leaf's batch exists
     *
     * @param leaf the task's settlement, or the match or agreement of its newest lease
     */
    public record FindProof(TaskId task, LeafKind leaf) {}

    /** → Optional&lt;CheckerProtocol.Delivery&gt;: once the lease has a receipt */
    public record FindDelivery(LeaseId lease) {}

    /** → Page&lt;CheckerProtocol.Delivery&gt;: of those leases that have a receipt, in any order; at most a round's subjects */
    public record ListDeliveries(List<LeaseId> leases) {
        public ListDeliveries {
            leases = List.copyOf(leases);
        }
    }

    /** → Optional&lt;ProtocolEvent.ParametersActivated&gt;: the parameters in force */
    public record CurrentParameters() {}

    /** → Page&lt;CanaryView&gt;, newest epoch first */
    public record ListCanaries(@Nullable String after, int first) {}

    /** → Optional&lt;CanaryView&gt; */
    public record FindCanary(long epoch) {}

    /** → Page&lt;PauseView&gt;, newest first */
    public record ListPauses(@Nullable String after, int first) {}

    /** → List&lt;Candidate&gt;: the checkers that may be drawn, from the sagas' live set */
    public record EligibleCheckers() {}

    /** → PoolView, from the sagas' live set; an empty pool where nothing was ever bonded */
    public record FindPool(PoolId pool) {}

    /** → Page&lt;PoolView&gt;, in pool order, from the sagas' live set */
    public record ListPools(@Nullable String after, int first) {}

    /** → Page&lt;DelegationView&gt;: of a pool in wallet order, operator first; from the sagas' live set */
    public record ListDelegations(PoolId pool, @Nullable String after, int first) {}

    /** → Page&lt;DelegationView&gt;: a wallet's stake in all pools, in pool order; from the sagas' live set */
    public record DelegationsOf(Wallet wallet, @Nullable String after, int first) {}

    /** → Optional&lt;ProposalView&gt;, from the sagas' live set */
    public record FindProposal(ProposalId proposal) {}

    /** → Optional&lt;ProposalView&gt;: the newest vote that passed and brings these programs; from the sagas' live set */
    public record FindUpgrade(Sha256 artifact) {}

    /** → NodesView, from the sagas' live set */
    public record ListNodes() {}

    /** → Page&lt;ProposalView&gt;, newest first, from the sagas' live set */
    public record ListProposals(@Nullable String after, int first) {}

    /** → VotingPowerView: of the proposal's snapshot while its vote lasts, or of now; from the sagas' live set */
    public record FindVotingPower(Wallet wallet, @Nullable ProposalId proposal) {}

    /** → EstimateView, from the fleet index */
    public record EstimateJob(JobSpec spec) {}

    /** → Optional&lt;String&gt;: what keeps a machine from retiring at a moment, from the sagas' live set */
    public record FindObligation(MachineId machine, Instant at) {}

    /** → String: why this machine would or would not take the task now, from the fleet index */
    public record ExplainMachineNow(MachineId machine, JobSpec spec) {}
}
