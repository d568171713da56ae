package io.athanor.domain.placement;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Why a task went where it went, or nowhere: the scheduler's funnel, kept for ever in {@code PlacementDecided}.
 *
 * @param chosen the machine, null where none fits
 * @param evaluated how many machines were looked at
 * @param rejected how many each filter turned away, by the filter's name
 * @param top the best candidates, best first, with the parts of their score
 * @param asOf the index of the newest event that the fleet snapshot knew
 * @param parametersVersion of the parameters that the scorer used
 * @param seed of the tie-break
 */
public record PlacementDecision(
        @Nullable MachineId chosen,
        int evaluated,
        Map<String, Integer> rejected,
        List<Scored> top,
        long asOf,
        int parametersVersion,
        long seed) {
    public PlacementDecision {
        rejected = Map.copyOf(rejected);
        top = List.copyOf(top);
    }

    /**
     * One candidate. Parts and total are ppm of the best possible; price per GPU-second in wei.
     *
     * @param parts the normalised score by scorer
     */
    public record Scored(MachineId machine, Ath price, Map<String, Long> parts, long total) {
        public Scored {
            parts = Map.copyOf(parts);
        }
    }

    /**
     * Equal for decisions that tell a client the same, so that an unchanged explanation is stored once: the choice and
     * the filters that turn machines away, but not how many machines, which changes with every machine that joins.
     */
    public String digest() {
        return chosen + "|" + new TreeSet<>(rejected.keySet());
    }
}
