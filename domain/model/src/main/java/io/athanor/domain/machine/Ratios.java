package io.athanor.domain.machine;

import java.util.Map;
import java.util.TreeMap;

/**
 * How often something was as good as it should be, and how far it fell short where it was not.
 *
 * <p>Invariant: percents lie in 1..99 and their counts add up to at most {@code samples}; the rest were whole.
 *
 * @param samples in all
 * @param below by whole percent, how many of them
 */
public record Ratios(int samples, Map<Integer, Integer> below) {
    public static final Ratios NONE = new Ratios(0, Map.of());
    private static final int WHOLE = 100;
    private static final long PPM_PER_PERCENT = 10_000;

    public Ratios {
        below = Map.copyOf(below);
    }

    /** One more: {@code should / was} in whole percent, at least 1 and at most 100. Both above zero. */
    public Ratios plus(long should, long was) {
        int percent = Math.clamp(should * WHOLE / Math.max(1, was), 1, WHOLE);
        Map<Integer, Integer> more = new TreeMap<>(below);
        if (percent < WHOLE) {
            more.merge(percent, 1, Integer::sum);
        }
        return new Ratios(samples + 1, more);
    }

    Ratios plus(Ratios other) {
        Map<Integer, Integer> more = new TreeMap<>(below);
        other.below.forEach((percent, count) -> more.merge(percent, count, Integer::sum));
        return new Ratios(samples + other.samples, more);
    }

    /** The ratio that {@code rank} samples lie below, in ppm; whole where there are not so many below the whole. */
    long ppmAt(int rank) {
        int seen = 0;
        for (Map.Entry<Integer, Integer> each : new TreeMap<>(below).entrySet()) {
            seen += each.getValue();
            if (rank < seen) {
                return each.getKey() * PPM_PER_PERCENT;
            }
        }
        return WHOLE * PPM_PER_PERCENT;
    }
}
