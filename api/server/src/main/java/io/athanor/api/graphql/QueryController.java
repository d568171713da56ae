package io.athanor.api.graphql;

import io.athanor.api.web.Network;
import io.athanor.api.web.Reads;
import io.athanor.codec.Json;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.job.Admission;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.query.Queries.EstimateJob;
import io.athanor.domain.query.Queries.ExplainMachineNow;
import io.athanor.domain.query.Queries.ExplainPlacement;
import io.athanor.domain.query.Queries.FindAccount;
import io.athanor.domain.query.Queries.FindBatch;
import io.athanor.domain.query.Queries.FindChecker;
import io.athanor.domain.query.Queries.FindEpoch;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.query.Queries.FindProof;
import io.athanor.domain.query.Queries.FindProvider;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.query.Queries.JobTimeline;
import io.athanor.domain.query.Queries.ListBatches;
import io.athanor.domain.query.Queries.ListCheckers;
import io.athanor.domain.query.Queries.ListEpochs;
import io.athanor.domain.query.Queries.ListJobs;
import io.athanor.domain.query.Queries.ListMachines;
import io.athanor.domain.query.Queries.ListRewards;
import io.athanor.domain.query.Queries.ListRounds;
import io.athanor.domain.query.Queries.ListSessionKeys;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.EstimateView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.ProofView;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.RewardLineView;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.view.SessionKeyView;
import io.athanor.domain.view.TimelineEntry;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.stereotype.Controller;

/** The queries of {@code io.athanor.domain.query}; nothing found is null. */
@Controller
class QueryController {
    private final Reads reads;
    private final Network network;

    QueryController(Reads reads, Network network) {
        this.reads = reads;
        this.network = network;
    }

    /** The network and its parameters in force. */
    public record NetworkView(
            long chainId,
            Wallet vault,
            Wallet settlementLog,
            Instant genesis,
            int parametersVersion,
            ProtocolParameters parameters) {}

    /** Why a task is where it is. */
    public record WhyView(
            TaskId task,
            @Nullable PlacementDecision decision,
            @Nullable String machine) {}

    private static <T> T id(String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Wallet wallet(@Nullable String text) {
        return text == null ? null : id(text, Wallet::parse);
    }

    private <T> @Nullable T find(Object query, Class<T> type) {
        return reads.find(query, type).orElse(null);
    }

    private <T> Connection<T> list(Object query, Class<T> item) {
        return Connection.of(reads.page(query, item));
    }

    @QueryMapping
    NetworkView network() {
        NetworkBegun known = network.identity();
        ParametersActivated now = network.inForce();
        return new NetworkView(
                known.chainId(),
                known.vault(),
                known.settlementLog(),
                known.genesis(),
                now.version(),
                now.parameters());
    }

    @QueryMapping
    @Nullable AccountView account(@Argument String wallet) {
        return find(new FindAccount(id(wallet, Wallet::parse)), AccountView.class);
    }

    @QueryMapping
    Connection<SessionKeyView> sessionKeys(
            @Argument String wallet, @Argument @Nullable Integer first, @Argument @Nullable String after) {
        return list(new ListSessionKeys(id(wallet, Wallet::parse), after, Reads.rows(first)), SessionKeyView.class);
    }

    @QueryMapping
    @Nullable JobView job(@Argument String id) {
        return find(new FindJob(id(id, JobId::parse)), JobView.class);
    }

    @QueryMapping
    Connection<JobView> jobs(
            @Argument @Nullable String client,
            @Argument @Nullable String state,
            @Argument @Nullable Integer first,
            @Argument @Nullable String after) {
        return list(new ListJobs(wallet(client), state, after, Reads.rows(first)), JobView.class);
    }

    @SchemaMapping(typeName = "Job", field = "timeline")
    Connection<TimelineEntry> timeline(
            JobView job, @Argument @Nullable Integer first, @Argument @Nullable String after) {
        return list(new JobTimeline(job.id(), after, Reads.rows(first)), TimelineEntry.class);
    }

    @QueryMapping
    @Nullable MachineView machine(@Argument String id) {
        return find(new FindMachine(id(id, MachineId::parse)), MachineView.class);
    }

    @QueryMapping
    Connection<MachineView> machines(
            @Argument @Nullable String provider, @Argument @Nullable Integer first, @Argument @Nullable String after) {
        return list(new ListMachines(wallet(provider), after, Reads.rows(first)), MachineView.class);
    }

    @QueryMapping
    @Nullable ProviderView provider(@Argument String wallet) {
        return find(new FindProvider(id(wallet, Wallet::parse)), ProviderView.class);
    }

    @QueryMapping
    @Nullable CheckerView checker(@Argument String wallet) {
        return find(new FindChecker(id(wallet, Wallet::parse)), CheckerView.class);
    }

    @QueryMapping
    Connection<CheckerView> checkers(@Argument @Nullable Integer first, @Argument @Nullable String after) {
        return list(new ListCheckers(after, Reads.rows(first)), CheckerView.class);
    }

    @QueryMapping
    @Nullable EpochView epoch(@Argument long epoch) {
        return find(new FindEpoch(epoch), EpochView.class);
    }

    @QueryMapping
    Connection<EpochView> epochs(@Argument @Nullable Integer first, @Argument @Nullable String after) {
        return list(new ListEpochs(after, Reads.rows(first)), EpochView.class);
    }

    @QueryMapping
    @Nullable RoundView round(@Argument String id) {
        return find(new FindRound(id(id, RoundId::parse)), RoundView.class);
    }

    @QueryMapping
    Connection<RoundView> rounds(
            @Argument @Nullable Long epoch, @Argument @Nullable Integer first, @Argument @Nullable String after) {
        return list(new ListRounds(epoch, after, Reads.rows(first)), RoundView.class);
    }

    @QueryMapping
    @Nullable BatchView batch(@Argument long seq) {
        return find(new FindBatch(seq), BatchView.class);
    }

    @QueryMapping
    Connection<RewardLineView> rewards(
            @Argument String wallet,
            @Argument @Nullable Long epoch,
            @Argument @Nullable Integer first,
            @Argument @Nullable String after) {
        return list(new ListRewards(id(wallet, Wallet::parse), epoch, after, Reads.rows(first)), RewardLineView.class);
    }

    @QueryMapping
    Connection<BatchView> batches(@Argument @Nullable Integer first, @Argument @Nullable String after) {
        return list(new ListBatches(after, Reads.rows(first)), BatchView.class);
    }

    @QueryMapping
    @Nullable ProofView proof(@Argument String task) {
        return find(new FindProof(id(task, TaskId::parse), LeafKind.SETTLEMENT), ProofView.class);
    }

    @QueryMapping
    EstimateView estimate(@Argument Map<String, Object> spec) {
        JobSpec wanted = Json.readStrict(Json.bytes(spec), JobSpec.class);
        Admission.require(wanted, network.parameters());
        return reads.one(new EstimateJob(wanted), EstimateView.class);
    }

    @QueryMapping
    WhyView why(@Argument String task, @Argument @Nullable String machine) {
        TaskId asked = id(task, TaskId::parse);
        JobView job = reads.get(new FindJob(asked.job()), JobView.class, "job " + asked.job());
        String now = machine == null
                ? null
                : reads.one(new ExplainMachineNow(id(machine, MachineId::parse), job.spec()), String.class);
        return new WhyView(asked, find(new ExplainPlacement(asked), PlacementDecision.class), now);
    }
}
