package io.athanor.domain.placement;

import io.athanor.domain.common.Limits;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.placement.PlacementDecision.Scored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a task goes: filter, score, choose, with the reasons kept.
 *
 * <p>Invariant: a pure function of demand, offers, parameters' version and seed, whatever the order of the offers. It
 * proposes; only the machine's stream grants GPUs, so a stale snapshot costs a retry and never a double booking.
 *
 * <p>Whoever keeps offers in an index may look at fewer of them, by {@link #total} and {@link #precedes}: an offer that
 * another one precedes is never chosen over it.
 */
public final class Scheduler {
    private Scheduler() {}

    /** Decides; {@code chosen} is null where every machine is turned away. */
    public static PlacementDecision place(Demand demand, FleetSnapshot fleet, int parametersVersion, long seed) {
        Map<Filter, Integer> rejected = new EnumMap<>(Filter.class);
        Top top = new Top(Limits.PLACEMENT_CANDIDATES_KEPT, seed);
        for (Offer offer : fleet.offers()) {
            Filter filter = Filter.firstRejecting(offer, demand);
            if (filter == null) {
                top.add(offer, Score.total(offer, demand.spec()));
            } else {
                rejected.merge(filter, 1, Integer::sum);
            }
        }
        List<Scored> candidates = top.scored(demand.spec());
        return new PlacementDecision(
                candidates.isEmpty() ? null : candidates.getFirst().machine(),
                fleet.offers().size(),
                byName(rejected),
                candidates,
                fleet.asOf(),
                parametersVersion,
                seed);
    }

    private static Map<String, Integer> byName(Map<Filter, Integer> rejected) {
        Map<String, Integer> names = new HashMap<>();
        rejected.forEach((filter, count) -> names.put(filter.name(), count));
        return names;
    }

    /** The total score in ppm of an offer that passes the filters. */
    public static long total(Offer offer, JobSpec spec) {
        return Score.total(offer, spec);
    }

    /** Whether the first offer, with its total, wins over the second: the higher total, then the seed's tie-break. */
    public static boolean precedes(Offer first, long firstTotal, Offer second, long secondTotal, long seed) {
        if (firstTotal != secondTotal) {
            return firstTotal > secondTotal;
        }
        int byLot = Long.compareUnsigned(lot(first, seed), lot(second, seed));
        return byLot != 0 ? byLot < 0 : first.machine().compareTo(second.machine()) < 0;
    }

    /** A machine's lot under a seed: SplitMix64's finaliser, so that equal machines take turns as seeds change. */
    private static long lot(Offer offer, long seed) {
        long z = seed ^ offer.machine().value().getLeastSignificantBits();
        z = mix(z) ^ offer.machine().value().getMostSignificantBits();
        return mix(z);
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /**
     * The UUIDs of the GPUs to take: of those that fit, the smallest first, so that large ones stay for who needs them.
     *
     * @throws IllegalArgumentException where fewer fit than are asked for
     */
    public static List<String> choose(Offer offer, JobSpec spec) {
        List<String> gpus = offer.freeGpus().stream()
                .filter(gpu -> Filter.fits(gpu, spec.gpus()))
                .sorted(Comparator.comparingLong(Inventory.Gpu::memoryMib).thenComparing(Inventory.Gpu::uuid))
                .limit(spec.gpus().count())
                .map(Inventory.Gpu::uuid)
                .toList();
        if (gpus.size() < spec.gpus().count()) {
            throw new IllegalArgumentException(offer.machine() + " has " + gpus.size() + " fitting GPUs, not "
                    + spec.gpus().count());
        }
        return gpus;
    }

    /** The first filter that turns this machine away, and why; empty where it passes them all. */
    public static Optional<String> explain(Offer offer, Demand demand) {
        Filter filter = Filter.firstRejecting(offer, demand);
        return filter == null ? Optional.empty() : Optional.of(filter + ": " + filter.inWords(offer, demand));
    }

    /** The best few offers in order, by insertion. */
    private static final class Top {
        private final Offer[] offers;
        private final long[] totals;
        private final long seed;
        private int size;

        Top(int kept, long seed) {
            this.offers = new Offer[kept];
            this.totals = new long[kept];
            this.seed = seed;
        }

        void add(Offer offer, long total) {
            int at = size;
            while (at > 0 && precedes(offer, total, offers[at - 1], totals[at - 1], seed)) {
                at--;
            }
            if (at == offers.length) {
                return;
            }
            int moved = Math.min(size, offers.length - 1) - at;
            System.arraycopy(offers, at, offers, at + 1, moved);
            System.arraycopy(totals, at, totals, at + 1, moved);
            offers[at] = offer;
            totals[at] = total;
            size = Math.min(size + 1, offers.length);
        }

        List<Scored> scored(JobSpec spec) {
            List<Scored> list = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                Offer offer = offers[i];
                list.add(new Scored(offer.machine(), offer.price(), Score.parts(offer, spec), totals[i]));
            }
            return list;
        }
    }
}
