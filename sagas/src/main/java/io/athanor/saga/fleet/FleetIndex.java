package io.athanor.saga.fleet;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.placement.FleetSnapshot;
import io.athanor.domain.placement.Offer;
import io.athanor.domain.port.Contact;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveTask;
import io.athanor.saga.routing.Instance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What each certified, online machine has to give now, and when each machine was last heard of.
 *
 * <p>Invariant: an offer counts as taken what the machine's stream has granted and what an order under way asks for, so
 * that no order asks twice for one GPU. Contact is kept in memory alone and begins anew with {@link #restartClocks}: a
 * machine is never gone because nobody listened. All but {@link #heard} is guarded by the live set's monitor.
 */
public final class FleetIndex implements Contact {
    private static final long PPM = 1_000_000;
    private static final int MILLIS_PER_THREAD = 1_000;

    private final LiveSet live;
    private final Standings standings;
    private final Map<MachineId, Instant> heard;
    private final Map<MachineId, Offer> offers = new LinkedHashMap<>();
    private final Map<MachineId, Map<LeaseId, Asked>> asked = new HashMap<>();
    private volatile Instant listeningSince;
    /** Silence after which a machine is sent no work; the parameter in force, kept for {@link #heard}. */
    private volatile long suspectMillis;

    public FleetIndex(LiveSet live, Instant listeningSince) {
        this(live, listeningSince, new ConcurrentHashMap<>());
    }

    private FleetIndex(LiveSet live, Instant listeningSince, Map<MachineId, Instant> heard) {
        this.live = live;
        this.standings = new Standings(live);
        this.listeningSince = listeningSince;
        this.heard = heard;
    }

    /** Another set's fleet, with what is heard here; nobody asks its machines for anything. */
    FleetIndex over(LiveSet other) {
        return new FleetIndex(other, listeningSince, heard);
    }

    /** The set whose machines these are. */
    LiveSet live() {
        return live;
    }

    /** What an order under way asks a machine for. */
    private record Asked(List<String> gpus, JobSpec spec) {}

    /** What of a machine is taken. */
    private record Taken(Set<String> gpus, int cpuMillis, long memoryMib) {}

    @Override
    public void heard(MachineId machine, Instant at) {
        Instant before = heard.put(machine, at);
        if (before == null || isSilent(before, at)) {
            live.touch(Instance.machine(machine));
        }
    }

    private boolean isSilent(Instant last, Instant now) {
        return last.plusMillis(suspectMillis).isBefore(now);
    }

    /** Nobody was listened to until now: each machine has its full time again. */
    public void restartClocks(Instant now) {
        listeningSince = now;
    }

    /** Since when contacts are heard. */
    public Instant listeningSince() {
        return listeningSince;
    }

    /** When the machine was last heard of, at the earliest when listening began. */
    public Instant lastHeard(MachineId machine) {
        Instant last = heard.get(machine);
        return last == null || last.isBefore(listeningSince) ? listeningSince : last;
    }

    /** Whether it was heard of at all, and not too long ago to be sent work. */
    public boolean isNear(MachineId machine, Instant now) {
        Instant last = heard.get(machine);
        return last != null && !isSilent(last, now);
    }

    /** Makes the machine's offer anew. */
    public void refresh(MachineId id, Instant now) {
        LiveMachine known = live.machine(id);
        LiveNetwork network = live.network();
        if (network != null) {
            suspectMillis = network.protocol().current().parameters().liveness().suspectMillis();
        }
        if (known != null
                && takesWork(known.machine(), now)
                && !isSuspended(id, known.machine())
                && !isSilent(lastHeard(id), now)) {
            offers.put(id, offer(id, known));
        } else {
            offers.remove(id);
        }
        if (known == null) {
            heard.remove(id);
        }
    }

    private boolean isSuspended(MachineId id, Machine machine) {
        Wallet owner = machine.provider();
        Provider provider = owner == null ? null : live.provider(owner);
        return provider != null && provider.inForce(id) != null;
    }

    private static boolean takesWork(Machine machine, Instant now) {
        return machine.standing() == Machine.Standing.CERTIFIED
                && machine.online()
                && machine.price() != null
                && !machine.isClosed(now);
    }

    private Offer offer(MachineId id, LiveMachine known) {
        Machine machine = known.machine();
        Inventory inventory = required(machine.inventory(), id);
        Taken taken = taken(id, machine);
        List<Inventory.Gpu> free = inventory.gpus().stream()
                .filter(gpu -> !taken.gpus.contains(gpu.uuid()))
                .toList();
        return new Offer(
                id,
                required(machine.provider(), id),
                inventory.region(),
                required(machine.price(), id),
                free,
                inventory.gpus().size(),
                inventory.cpuThreads() - Math.ceilDiv(taken.cpuMillis, MILLIS_PER_THREAD),
                inventory.memoryMib() - taken.memoryMib,
                machine.score(),
                quality(known),
                0,
                inventory.simulated());
    }

    private long quality(LiveMachine known) {
        LiveNetwork network = live.network();
        Long epoch = live.newestEpoch();
        if (network == null || epoch == null) {
            return PPM;
        }
        ProtocolParameters parameters = network.protocol().current().parameters();
        long day = epoch / parameters.timing().epochsPerDay();
        return known.quality()
                .offered(
                        parameters.accountable().standing(),
                        parameters.sla().tierPpm(),
                        day,
                        standings.idlePpm(standings.closedDay()));
    }

    private static <T> T required(@Nullable T value, MachineId id) {
        if (value == null) {
            throw new IllegalStateException("machine " + id + " offers without inventory, provider or price");
        }
        return value;
    }

    private Taken taken(MachineId id, Machine machine) {
        Set<String> gpus = new HashSet<>();
        int cpuMillis = 0;
        long memoryMib = 0;
        for (Map.Entry<LeaseId, List<String>> lease : machine.reserved().entrySet()) {
            gpus.addAll(lease.getValue());
            LiveTask task = live.task(lease.getKey().task());
            if (task != null && !(task.job() instanceof Job.None)) {
                cpuMillis += task.job().order().spec().cpuMillis();
                memoryMib += task.job().order().spec().memoryMib();
            }
        }
        for (Map.Entry<LeaseId, Asked> order : askedOf(id).entrySet()) {
            if (!machine.reserved().containsKey(order.getKey())) {
                gpus.addAll(order.getValue().gpus);
                cpuMillis += order.getValue().spec.cpuMillis();
                memoryMib += order.getValue().spec.memoryMib();
            }
        }
        return new Taken(gpus, cpuMillis, memoryMib);
    }

    private Map<LeaseId, Asked> askedOf(MachineId id) {
        return asked.getOrDefault(id, Map.of());
    }

    /** An order under way asks for these GPUs. */
    public void ask(MachineId id, LeaseId lease, List<String> gpus, JobSpec spec, Instant now) {
        asked.computeIfAbsent(id, m -> new HashMap<>()).put(lease, new Asked(gpus, spec));
        refresh(id, now);
    }

    /** The order is answered; what it got is in the machine's stream. */
    public void answered(MachineId id, LeaseId lease) {
        Map<LeaseId, Asked> orders = asked.get(id);
        if (orders != null && orders.remove(lease) != null && orders.isEmpty()) {
            asked.remove(id);
        }
        live.touch(Instance.machine(id));
    }

    /** The offer of a machine, null where it gives nothing now. */
    public @Nullable Offer offer(MachineId id) {
        return offers.get(id);
    }

    /** All offers; the list stands only while the monitor is held. */
    public FleetSnapshot snapshot() {
        return new FleetSnapshot(Collections.unmodifiableCollection(offers.values()), live.applied());
    }

    /** All offers as they are now. */
    public FleetSnapshot copy() {
        synchronized (live) {
            return new FleetSnapshot(new ArrayList<>(offers.values()), live.applied());
        }
    }
}
