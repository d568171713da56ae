package io.athanor.domain.attestation;

import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@link Neighbours} in networks whose parameters state no {@code standing.lookedPpm}: every report has a voice, and a machine
 * is its own neighbour.
 *
 * <p>Invariant: nothing is compared across checkers or regions, so nobody is judged by where a committee happens to sit;
 * one member alone says nothing of a machine, and of a committee the median counts.
 */
final class UnweighedNeighbours {
    /** Fewer machines of a region have no median worth the name. */
    static final int LEAST = 3;
    /** What a number may differ by: the larger of a tenth and this. */
    static final long TOLERANCE_MICROS = 5_000;

    private static final int TOLERANCE_PART = 10;
    private static final int LEAST_VOICES = 2;
    private static final int WHOLE = 100;

    private UnweighedNeighbours() {}

    /**
     * The regional median with its tolerance over the machine's own round trip, in percent and at most 100, by machine.
     *
     * @param roundTrips a list for each report, in the order of the subjects, in microseconds; 0 where none came back
     * @param regionOf null where it is not known
     */
    static Map<MachineId, Integer> percents(
            List<Subject> subjects, Collection<List<Long>> roundTrips, Function<MachineId, @Nullable Region> regionOf) {
        Map<MachineId, List<Integer>> voices = new TreeMap<>();
        for (List<Long> report : roundTrips) {
            byRegion(subjects, report, regionOf).values().forEach(region -> compare(region, voices));
        }
        Map<MachineId, Integer> percents = new TreeMap<>();
        voices.forEach((machine, all) -> {
            if (all.size() >= LEAST_VOICES) {
                percents.put(machine, median(all));
            }
        });
        return percents;
    }

    private static Map<Region, Map<MachineId, Long>> byRegion(
            List<Subject> subjects, List<Long> report, Function<MachineId, @Nullable Region> regionOf) {
        Map<Region, Map<MachineId, Long>> regions = new HashMap<>();
        for (int i = 0; i < Math.min(subjects.size(), report.size()); i++) {
            if (subjects.get(i) instanceof MachineSubject subject && report.get(i) > 0) {
                Region region = regionOf.apply(subject.machine());
                if (region != null) {
                    regions.computeIfAbsent(region, r -> new TreeMap<>())
                            .put(subject.machine(), Math.min(report.get(i), Finding.MAX_RTT_MICROS));
                }
            }
        }
        return regions;
    }

    private static void compare(Map<MachineId, Long> region, Map<MachineId, List<Integer>> voices) {
        if (region.size() < LEAST) {
            return;
        }
        long median = median(region.values());
        long bound = median + Math.max(median / TOLERANCE_PART, TOLERANCE_MICROS);
        region.forEach((machine, micros) -> voices.computeIfAbsent(machine, m -> new ArrayList<>())
                .add((int) Math.min(WHOLE, bound * WHOLE / micros)));
    }

    /** Of an even number the higher of the two in the middle. */
    private static <T extends Comparable<T>> T median(Collection<T> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
