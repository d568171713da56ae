package io.athanor.saga.fleet;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Billing;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Promise;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.placement.Demand;
import io.athanor.domain.placement.Offer;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.placement.Scheduler;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.query.Queries.EligibleCheckers;
import io.athanor.domain.query.Queries.EstimateJob;
import io.athanor.domain.query.Queries.ExplainMachineNow;
import io.athanor.domain.query.Queries.FindObligation;
import io.athanor.domain.view.EstimateView;
import io.athanor.saga.attestation.Eligibility;
import io.athanor.saga.fleet.StakeBehindOffers.Cover;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.Obligations;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/**
 * The questions that only a live set can answer: this node's where it runs the routers, else what the other node has
 * written. Error: {@link Refused} UNAVAILABLE until either is ready.
 */
public final class FleetQueries {
    private static final JobId NO_JOB = new JobId(new UUID(0, 0));

    private final Supplier<FleetIndex> fleets;

    /** @param fleets the whole fleet: half of the history would be an answer too, and a wrong one */
    public FleetQueries(Supplier<FleetIndex> fleets) {
        this.fleets = fleets;
    }

    /** Places one task as if it were submitted now, and prices it at the best candidate. */
    @QueryHandler
    public EstimateView estimate(EstimateJob query) {
        JobSpec spec = query.spec();
        FleetIndex known = fleets.get();
        ParametersActivated inForce = inForce(known.live());
        int version = inForce == null ? 0 : inForce.version();
        PlacementDecision decision = Scheduler.place(demand(spec), known.copy(), version, 0);
        Ath stake = inForce == null ? null : stake(known, decision, spec, inForce);
        if (stake == null || inForce == null) {
            return new EstimateView(decision, spec.cap(), Ath.ZERO, null);
        }
        Ath price = decision.top().getFirst().price();
        return new EstimateView(
                decision, spec.cap(), expectedCost(spec, price), Promise.agreement(spec, price, inForce, stake));
    }

    /** Behind the best candidate's GPUs; null where none fits, or the only one that did has gone meanwhile. */
    private static @Nullable Ath stake(
            FleetIndex known, PlacementDecision decision, JobSpec spec, ParametersActivated inForce) {
        synchronized (known.live()) {
            for (PlacementDecision.Scored best : decision.top()) {
                Offer offer = known.offer(best.machine());
                LiveMachine machine = known.live().machine(best.machine());
                if (offer != null
                        && machine != null
                        && Scheduler.explain(offer, demand(spec)).isEmpty()) {
                    return PenaltyPolicy.required(
                            machine.machine(), Scheduler.choose(offer, spec), inForce.parameters());
                }
            }
        }
        return null;
    }

    private static Ath expectedCost(JobSpec spec, Ath price) {
        Ath ofTask = Billing.cost(spec.maxDurationMillis(), price, spec.gpus().count())
                .min(spec.capOfTask());
        return ofTask.times(spec.tasks());
    }

    private static Demand demand(JobSpec spec) {
        return new Demand(NO_JOB.task(0), spec, Wallet.ZERO, Set.of());
    }

    private static @Nullable ParametersActivated inForce(LiveSet rows) {
        synchronized (rows) {
            LiveNetwork network = rows.network();
            return network == null ? null : network.protocol().current();
        }
    }

    /** Why this machine would or would not take the task now. Error: {@link Refused} NOT_FOUND. */
    @QueryHandler
    public String explain(ExplainMachineNow query) {
        FleetIndex known = fleets.get();
        synchronized (known.live()) {
            LiveMachine machine = known.live().machine(query.machine());
            if (machine == null) {
                throw new Refused(Reason.NOT_FOUND, "no machine " + query.machine());
            }
            Offer offer = known.offer(query.machine());
            return offer == null
                    ? unoffered(query.machine(), machine.machine(), suspension(known.live(), query.machine(), machine))
                            + unstaked(known.live(), query.machine(), machine.machine())
                    : Scheduler.explain(offer, demand(query.spec())).orElse("It would take the task now.");
        }
    }

    /** What a machine has still to answer for. */
    @QueryHandler
    public Optional<String> obligation(FindObligation query) {
        LiveSet rows = fleets.get().live();
        synchronized (rows) {
            return Obligations.ofRetiring(rows, query.machine(), query.at());
        }
    }

    private static @Nullable Suspension suspension(LiveSet rows, MachineId id, LiveMachine machine) {
        Wallet owner = machine.machine().provider();
        Provider provider = owner == null ? null : rows.provider(owner);
        return provider == null ? null : provider.inForce(id);
    }

    private static String unoffered(MachineId id, Machine machine, @Nullable Suspension suspension) {
        return "Machine " + id + " takes no work now: it is " + machine.standing()
                + (machine.online() ? ", online" : ", offline")
                + (machine.price() == null ? ", without a price" : "")
                + (machine.maintenance() == null
                        ? ""
                        : ", maintained from " + machine.maintenance().from() + " on")
                + (suspension == null ? "" : suspended(suspension))
                + ".";
    }

    /** What keeps an inspected machine waiting for its certificate. */
    private static String unstaked(LiveSet rows, MachineId id, Machine machine) {
        boolean waits =
                machine.standing() == Machine.Standing.ENROLLED || machine.standing() == Machine.Standing.INSPECTING;
        return waits && new StakeBehindOffers(rows).cover(id, machine, machine.score()) == Cover.MISSING
                ? " Its provider's own stake does not cover its GPUs: bond more, and it is certified."
                : "";
    }

    private static String suspended(Suspension suspension) {
        Instant until = suspension.until();
        return (until == null ? ", cut off" : ", suspended until " + until) + " " + suspension.because();
    }

    /** Who may be drawn in the next epoch, if it were frozen now; in wallet order. */
    @QueryHandler
    public List<Candidate> eligible(EligibleCheckers query) {
        LiveSet rows = fleets.get().live();
        synchronized (rows) {
            return new Eligibility(rows).now();
        }
    }
}
