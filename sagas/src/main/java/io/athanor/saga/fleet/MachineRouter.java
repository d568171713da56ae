package io.athanor.saga.fleet;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobCommand.LoseJob;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.machine.MachineCommand.BringOnline;
import io.athanor.domain.machine.MachineCommand.ReleaseGpus;
import io.athanor.domain.machine.MachineCommand.TakeOffline;
import io.athanor.domain.protocol.ProtocolParameters.Liveness;
import io.athanor.domain.provider.Suspension;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveTask;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Machines that come, go silent and come back.
 *
 * <p>Silent for {@code offlineMillis}: offline, and its leases are lost in the same order. Heard of again: online. A
 * reservation whose lease is over is released. After our own silence (a start, a pause of the process) the clocks begin
 * anew, and nobody is offline before a full {@code offlineMillis}.
 */
public final class MachineRouter implements Router {
    private static final String ACTOR = "saga:fleet";
    /** Two commands a lease, and room for three about the machine. */
    private static final int LEASES_AN_ORDER = (Limits.CHUNK_LINES - 3) / 2;

    private final LiveSet live;
    private final FleetIndex fleet;
    private final StakeBehindOffers stakes;
    private final Standings standings;
    private Instant lastPass = Instant.MAX;

    public MachineRouter(LiveSet live, FleetIndex fleet) {
        this.live = live;
        this.fleet = fleet;
        this.stakes = new StakeBehindOffers(live);
        this.standings = new Standings(live);
    }

    @Override
    public void look(Instance instance, Plan plan) {
        MachineId id = (MachineId) instance.id();
        LiveMachine known = live.machine(id);
        LiveNetwork network = live.network();
        if (known != null && network != null) {
            Liveness rules = network.protocol().current().parameters().liveness();
            noticeOwnSilence(plan.now(), rules);
            List<Command> commands = new ArrayList<>(stakes.release(id, known.machine(), plan.now()));
            follow(id, known.machine(), rules, plan, commands);
            if (commands.isEmpty()) {
                commands.addAll(standings.score(id, known, plan.now()));
            }
            if (!commands.isEmpty()) {
                plan.send(Instance.machine(id), ACTOR, commands);
            }
            needsInspection(id, known, plan);
        }
        if (known != null && known.machine().maintenance() != null) {
            Instant change = known.machine().maintenance().nextChange(plan.now());
            if (change != null) {
                plan.wakeAt(change, instance);
            }
        }
        fleet.refresh(id, plan.now());
        plan.also(Instance.PLACEMENT);
    }

    /** Machines are looked at every second; a gap means that this process stood still and heard nobody. */
    private void noticeOwnSilence(Instant now, Liveness rules) {
        boolean stood = lastPass.isBefore(now)
                && lastPass.plusMillis(rules.suspectMillis()).isBefore(now);
        if (stood) {
            fleet.restartClocks(now);
        }
        lastPass = now;
    }

    private void follow(MachineId id, Machine machine, Liveness rules, Plan plan, List<Command> commands) {
        if (machine.standing() == Standing.RETIRED) {
            return;
        }
        Instant offlineAt = fleet.lastHeard(id).plusMillis(rules.offlineMillis());
        if (machine.online() && !plan.now().isBefore(offlineAt)) {
            String why = "not heard of for " + rules.offlineMillis() + " ms";
            commands.add(new TakeOffline(id, why, plan.now()));
            commands.addAll(lose(id, machine, plan.now()));
        } else if (machine.online()) {
            plan.wakeAt(offlineAt, Instance.machine(id));
            commands.addAll(release(id, machine, plan.now()));
        } else {
            commands.addAll(lose(id, machine, plan.now()));
            if (fleet.isNear(id, plan.now())) {
                commands.add(new BringOnline(id, plan.now()));
            }
        }
    }

    /** The leases of a machine that is gone, and its reservations. */
    private List<Command> lose(MachineId id, Machine machine, Instant now) {
        List<Command> commands = new ArrayList<>();
        machine.reserved().keySet().stream().sorted().limit(LEASES_AN_ORDER).forEach(lease -> {
            if (holds(lease)) {
                String detail = "machine " + id + " went offline";
                commands.add(new LoseJob(lease.task(), lease, Ending.MACHINE_OFFLINE, detail, now));
                commands.add(new ReleaseGpus(id, lease, now));
            } else if (isPast(lease)) {
                commands.add(new ReleaseGpus(id, lease, now));
            }
        });
        return commands;
    }

    /** Reservations whose lease is over. */
    private List<Command> release(MachineId id, Machine machine, Instant now) {
        List<Command> commands = new ArrayList<>();
        for (Map.Entry<LeaseId, List<String>> reserved : machine.reserved().entrySet()) {
            if (isPast(reserved.getKey()) && commands.size() < LEASES_AN_ORDER) {
                commands.add(new ReleaseGpus(id, reserved.getKey(), now));
            }
        }
        return commands;
    }

    private boolean holds(LeaseId lease) {
        LiveTask task = live.task(lease.task());
        return task != null && task.holds(lease);
    }

    /** A task that is no longer live is settled, and so is every lease of it. */
    private boolean isPast(LeaseId lease) {
        LiveTask task = live.task(lease.task());
        return task == null || task.isPast(lease);
    }

    private void needsInspection(MachineId id, LiveMachine known, Plan plan) {
        Machine machine = known.machine();
        Long newest = live.newestEpoch();
        Suspension suspension = standings.suspension(id, machine.provider());
        Instant until = suspension == null ? null : suspension.until();
        if (until != null && plan.now().isBefore(until)) {
            plan.wakeAt(until, Instance.machine(id));
        }
        boolean waits = machine.standing() == Standing.ENROLLED
                || machine.standing() == Standing.INSPECTING
                || standings.isBack(id, known, plan.now());
        if (waits && newest != null) {
            plan.also(Instance.inspections(newest));
        }
    }
}
