package io.athanor.api.command;

import io.athanor.api.web.Reads;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.JobSpec.GpuDemand;
import io.athanor.domain.query.Queries.ListMachines;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells a demand that no machine could ever meet from one that must wait: it is compared with whole machines, busy or
 * not. A network without machines, or with more than {@link #MACHINES_LOOKED_AT}, refuses nothing here.
 */
@Component
public final class Fleet {
    static final int MACHINES_LOOKED_AT = 1_000;
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Set<String> GONE = Set.of("RETIRED", "REJECTED");
    private static final long MILLIS_PER_THREAD = 1_000;

    private final Reads reads;
    private final InstantSource clock;
    private volatile @Nullable Known known;

    public Fleet(Reads reads, InstantSource clock) {
        this.reads = reads;
        this.clock = clock;
    }

    private record Known(List<MachineView> machines, boolean whole, Instant at) {}

    /** Error: {@link Refused} IMPOSSIBLE_DEMAND or PRICE_TOO_LOW, only on a fresh look. */
    public void require(JobSpec spec) {
        Known last = known;
        boolean fresh =
                last != null && Duration.between(last.at(), clock.instant()).compareTo(FRESH) < 0;
        if (last == null || !fresh || judge(spec, last) != null) {
            last = look();
            known = last;
            Refused refused = judge(spec, last);
            if (refused != null) {
                throw refused;
            }
        }
    }

    private Known look() {
        List<MachineView> machines = new ArrayList<>();
        String after = null;
        do {
            Page<MachineView> page = reads.page(new ListMachines(null, after, Limits.PAGE_ROWS), MachineView.class);
            page.items().stream()
                    .filter(machine -> !GONE.contains(machine.standing()))
                    .forEach(machines::add);
            after = page.next();
        } while (after != null && machines.size() < MACHINES_LOOKED_AT);
        return new Known(machines, after == null, clock.instant());
    }

    private static @Nullable Refused judge(JobSpec spec, Known fleet) {
        if (!fleet.whole() || fleet.machines().isEmpty()) {
            return null;
        }
        List<MachineView> able = fleet.machines().stream()
                .filter(machine -> couldRun(machine, spec))
                .toList();
        if (able.isEmpty()) {
            return new Refused(
                    Reason.IMPOSSIBLE_DEMAND,
                    "none of the network's " + fleet.machines().size()
                            + " machines has what one task asks for, even when free");
        }
        boolean affordable = able.stream()
                .anyMatch(machine -> machine.price() == null || spec.maxPrice().covers(machine.price()));
        return affordable
                ? null
                : new Refused(
                        Reason.PRICE_TOO_LOW,
                        "every machine that could run it costs more than " + spec.maxPrice() + " wei a GPU-second");
    }

    private static boolean couldRun(MachineView machine, JobSpec spec) {
        GpuDemand wanted = spec.gpus();
        long gpus = machine.inventory().gpus().stream()
                .filter(gpu -> wanted.model() == null || wanted.model().equals(gpu.model()))
                .filter(gpu -> gpu.memoryMib() >= wanted.minMemoryMib())
                .count();
        return gpus >= wanted.count()
                && (wanted.allowSimulated() || !machine.inventory().simulated())
                && machine.inventory().cpuThreads() * MILLIS_PER_THREAD >= spec.cpuMillis()
                && machine.inventory().memoryMib() >= spec.memoryMib()
                && (spec.regions().isEmpty()
                        || spec.regions().contains(machine.inventory().region()));
    }
}
