package io.athanor.domain.attestation;

import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.Accountability.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far machines are away beside their neighbours: one checker's round trips of one epoch to the machines of one region.
 *
 * <p>Invariant: nothing is compared across checkers or regions, so nobody is judged by where a committee happens to sit; only
 * members who were right in the round speak, what they say needs the round's quorum, and their weighted median counts; a
 * machine's neighbours are machines of others.
 */
public final class Neighbours {
    /** A machine beside those of fewer other owner groups has no neighbours. */
    static final int LEAST_GROUPS = 2;
    /** What a number may differ by: the larger of a tenth and this. */
    static final long TOLERANCE_MICROS = 5_000;

    private static final int TOLERANCE_PART = 10;
    private static final int WHOLE = 100;

    private Neighbours() {}

    /** Where a machine stands, and who controls it. */
    public record Place(Region region, String ownerGroup) {}

    /** What a closed round over machines measured, a list for each member in the order of the subjects, in microseconds. */
    public record Measured(RoundOpened round, Map<Wallet, List<Long>> roundTrips, List<Consistency> marks) {
        private Map<Seat, List<Long>> ofTheRight() {
            Set<Wallet> right = marks.stream()
                    .filter(mark -> mark.mark() == Consistency.Mark.CORRECT)
                    .map(Consistency::checker)
                    .collect(Collectors.toSet());
            return round.committee().stream()
                    .filter(seat -> right.contains(seat.checker()) && roundTrips.containsKey(seat.checker()))
                    .collect(
                            Collectors.toMap(seat -> seat, seat -> roundTrips.getOrDefault(seat.checker(), List.of())));
        }
    }

    private record Trip(MachineId machine, String ownerGroup, long micros) {}

    private record Voice(int percent, Seat seat) {}

    /**
     * The median of its neighbours with its tolerance over the machine's own round trip, in percent, 1 to 100, by machine.
     *
     * @param placeOf null where it is not known
     */
    public static Map<MachineId, Integer> percents(
            Measured measured, Standing rules, Function<MachineSubject, @Nullable Place> placeOf) {
        return rules.lookedPpm() == null ? unweighed(measured, placeOf) : percents(measured, placeOf);
    }

    private static Map<MachineId, Integer> unweighed(
            Measured measured, Function<MachineSubject, @Nullable Place> placeOf) {
        List<Subject> subjects = measured.round().subjects();
        Map<MachineId, Region> regions = new HashMap<>();
        for (Subject subject : subjects) {
            Place place = subject instanceof MachineSubject known ? placeOf.apply(known) : null;
            if (place != null && subject instanceof MachineSubject known) {
                regions.put(known.machine(), place.region());
            }
        }
        return UnweighedNeighbours.percents(subjects, measured.roundTrips().values(), regions::get);
    }

    private static Map<MachineId, Integer> percents(
            Measured measured, Function<MachineSubject, @Nullable Place> placeOf) {
        Map<MachineId, List<Voice>> voices = new TreeMap<>();
        measured.ofTheRight()
                .forEach((seat, report) -> byRegion(measured.round().subjects(), report, placeOf)
                        .values()
                        .forEach(region -> compare(region, seat, voices)));
        Map<MachineId, Integer> percents = new TreeMap<>();
        voices.forEach((machine, all) -> {
            int seats = all.stream().mapToInt(voice -> voice.seat().seats()).sum();
            if (seats >= measured.round().quorum()) {
                percents.put(machine, median(all));
            }
        });
        return percents;
    }

    /** Nearest first. */
    private static Map<Region, List<Trip>> byRegion(
            List<Subject> subjects, List<Long> report, Function<MachineSubject, @Nullable Place> placeOf) {
        Map<Region, List<Trip>> regions = new HashMap<>();
        for (int i = 0; i < Math.min(subjects.size(), report.size()); i++) {
            if (subjects.get(i) instanceof MachineSubject subject && report.get(i) > 0) {
                Place place = placeOf.apply(subject);
                if (place != null) {
                    long micros = Math.min(report.get(i), Finding.MAX_RTT_MICROS);
                    regions.computeIfAbsent(place.region(), r -> new ArrayList<>())
                            .add(new Trip(subject.machine(), place.ownerGroup(), micros));
                }
            }
        }
        regions.values().forEach(trips -> trips.sort(Comparator.comparingLong(Trip::micros)));
        return regions;
    }

    private static void compare(List<Trip> region, Seat seat, Map<MachineId, List<Voice>> voices) {
        Map<String, Long> bounds = new HashMap<>();
        Set<String> groups = region.stream().map(Trip::ownerGroup).collect(Collectors.toSet());
        if (groups.size() <= LEAST_GROUPS) {
            return;
        }
        for (Trip trip : region) {
            long bound = bounds.computeIfAbsent(trip.ownerGroup(), group -> bound(region, group));
            int percent = Math.clamp(bound * WHOLE / trip.micros(), 1, WHOLE);
            voices.computeIfAbsent(trip.machine(), m -> new ArrayList<>()).add(new Voice(percent, seat));
        }
    }

    /** Of an even number the higher of the two in the middle. */
    private static long bound(List<Trip> region, String group) {
        List<Trip> others =
                region.stream().filter(trip -> !trip.ownerGroup().equals(group)).toList();
        long median = others.get(others.size() / 2).micros();
        return median + Math.max(median / TOLERANCE_PART, TOLERANCE_MICROS);
    }

    /** By the members' weights, as of every number; of two in the middle the lower. */
    private static int median(List<Voice> voices) {
        TreeMap<Integer, Long> weights = new TreeMap<>();
        voices.forEach(
                voice -> weights.merge(voice.percent(), (long) voice.seat().medianWeight(), Long::sum));
        long total = weights.values().stream().mapToLong(weight -> weight).sum();
        long below = 0;
        for (Map.Entry<Integer, Long> each : weights.entrySet()) {
            below += each.getValue();
            if (below * 2 >= total) {
                return each.getKey();
            }
        }
        return WHOLE;
    }
}
