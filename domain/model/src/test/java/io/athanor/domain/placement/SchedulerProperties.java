package io.athanor.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.machine.Inventory.Gpu;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchedulerProperties {
    private static List<Offer> offers(Samples samples) {
        List<Offer> offers = new ArrayList<>();
        for (int i = samples.between(0, 15); i > 0; i--) {
            offers.add(SampleFleet.random(samples));
        }
        return offers;
    }

    @Test
    void theDecisionDoesNotDependOnTheOrderOfTheOffers() {
        Cases.forAll(3_000, samples -> {
            List<Offer> offers = offers(samples);
            Demand demand = SampleFleet.random(samples, offers);
            long seed = samples.random().nextLong();
            PlacementDecision decision = Scheduler.place(demand, new FleetSnapshot(offers, 1), 1, seed);
            FleetSnapshot shuffled = new FleetSnapshot(samples.shuffled(offers), 1);
            assertThat(Scheduler.place(demand, shuffled, 1, seed)).isEqualTo(decision);
        });
    }

    /** Against a plain maximum over the offers that nothing turns away. */
    @Test
    void theBestThatFitsIsChosenAndEveryMachineIsAccountedFor() {
        Cases.forAll(3_000, samples -> {
            List<Offer> offers = offers(samples);
            Demand demand = SampleFleet.random(samples, offers);
            long seed = samples.random().nextLong();
            PlacementDecision decision = Scheduler.place(demand, new FleetSnapshot(offers, 1), 1, seed);
            Offer best = best(offers, demand, seed);
            assertThat(decision.chosen()).isEqualTo(best == null ? null : best.machine());
            int rejected = decision.rejected().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            long fitting = offers.stream()
                    .filter(o -> Scheduler.explain(o, demand).isEmpty())
                    .count();
            assertThat(rejected + fitting).isEqualTo(offers.size());
            assertThat(decision.top()).allMatch(s -> Score.total(s.parts()) == s.total());
            assertThat(decision.top())
                    .allMatch(s -> s.parts().values().stream().allMatch(p -> p >= 0 && p <= Score.PPM));
        });
    }

    private static @Nullable Offer best(List<Offer> offers, Demand demand, long seed) {
        Offer best = null;
        for (Offer offer : offers) {
            boolean fits = Scheduler.explain(offer, demand).isEmpty();
            long total = Scheduler.total(offer, demand.spec());
            if (fits
                    && (best == null
                            || Scheduler.precedes(offer, total, best, Scheduler.total(best, demand.spec()), seed))) {
                best = offer;
            }
        }
        return best;
    }

    @Test
    void chosenGpusAreFreeDistinctAndAsAsked() {
        Cases.forAll(3_000, samples -> {
            List<Offer> offers = offers(samples);
            Demand demand = SampleFleet.random(samples, offers);
            for (Offer offer : offers) {
                if (Scheduler.explain(offer, demand).isEmpty()) {
                    List<String> gpus = Scheduler.choose(offer, demand.spec());
                    Set<String> free = offer.freeGpus().stream()
                            .filter(g -> Filter.fits(g, demand.spec().gpus()))
                            .map(Gpu::uuid)
                            .collect(Collectors.toSet());
                    assertThat(gpus).hasSize(demand.spec().gpus().count());
                    assertThat(new HashSet<>(gpus)).hasSameSizeAs(gpus);
                    assertThat(free).containsAll(gpus);
                }
            }
        });
    }
}
