package io.athanor.saga.penalty;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.OutageExemption;
import io.athanor.domain.penalty.OutageExemption.Seen;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.stake.StakePoolCommand.FreezeStake;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.Outage;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens the case of a machine that went away with leases: once a quorum of checkers found it offline, once the first band
 * is reached, and unless so many others went at the same time that it is nobody's fault. What the control plane alone
 * saw costs nobody anything.
 */
public final class OutageRouter implements Router {
    private static final String ACTOR = "saga:penalties";

    private final LiveSet live;

    public OutageRouter(LiveSet live) {
        this.live = live;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        MachineId id = (MachineId) instance.id();
        LiveMachine machine = live.machine(id);
        LiveNetwork network = live.network();
        Downtime offence = machine == null || network == null ? null : offence(id, machine, network);
        if (machine == null || network == null || offence == null || live.penaltyCase(offence.caseId()) != null) {
            return;
        }
        CaseTerms terms = new CaseTerms(live, network);
        Outage outage = machine.outage();
        Instant ended = outage == null ? null : outage.ended();
        long rate = terms.rateBps(offence, ended, plan.now());
        if (rate == 0) {
            Instant next = terms.nextRise(offence, plan.now());
            if (ended == null && next != null) {
                plan.wakeAt(next, instance);
            }
        } else if (!excused(machine, offence, terms)) {
            open(instance, offence, rate, terms, plan);
        }
    }

    private static void open(Instance instance, Downtime offence, long rate, CaseTerms terms, Plan plan) {
        CaseId id = offence.caseId();
        Ath amount = terms.amount(offence, rate, id);
        long day = terms.day(offence.since());
        plan.send(
                instance,
                ACTOR,
                List.of(
                        new OpenCase(
                                id,
                                offence,
                                rate,
                                amount,
                                day,
                                PenaltyPolicy.versionOf(offence, terms.parameters()),
                                null,
                                plan.now()),
                        new FreezeStake(offence.accused(), id, amount, day, plan.now())));
    }

    private static @Nullable Downtime offence(MachineId id, LiveMachine machine, LiveNetwork network) {
        Outage outage = machine.outage();
        Wallet provider = machine.machine().provider();
        if (outage == null || outage.leases().isEmpty() || outage.rounds().isEmpty() || provider == null) {
            return null;
        }
        if (outage.penaltyCase() != null) {
            return null;
        }
        return Downtime.of(
                PoolId.ofProvider(provider),
                id,
                outage.since(),
                outage.leases(),
                gpus -> PenaltyPolicy.required(
                        machine.machine(), gpus, network.protocol().current().parameters()),
                outage.rounds(),
                outage.judges());
    }

    private boolean excused(LiveMachine machine, Downtime offence, CaseTerms terms) {
        List<Seen> seen = new ArrayList<>();
        for (MachineId id : live.machines()) {
            LiveMachine other = live.machine(id);
            Inventory inventory = other == null ? null : other.machine().inventory();
            Wallet provider = other == null ? null : other.machine().provider();
            if (other != null && inventory != null && provider != null && other.certifiedAt() != null) {
                Outage outage = other.outage();
                seen.add(new Seen(
                        live.ownerGroup(provider), inventory.region(), outage == null ? List.of() : outage.drops()));
            }
        }
        Inventory own = machine.machine().inventory();
        return own != null
                && OutageExemption.excuses(
                        live.ownerGroup(offence.accused().operator()),
                        own.region(),
                        offence.since(),
                        seen,
                        terms.parameters().accountable().penalties().outage());
    }
}
