package io.athanor.domain.placement;

import io.athanor.domain.job.JobSpec;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * How good a machine that passed the filters is, as the weighted mean of normalised parts.
 *
 * <p>Invariant: every part and the total lie in 0..1,000,000 (ppm); a part depends on the offer and the demand alone,
 * so a placement can be scored again from what its decision keeps. Weights are const.
 */
public final class Score {
    static final long PPM = 1_000_000;
    /** A round trip that earns half of the latency part; also what an unknown one counts as. */
    static final long HALF_LATENCY_MICROS = 50_000;
    /** Capacity of one GPU, in ppm of an H100, that earns the whole performance part: an H200's. */
    static final long BEST_GPU_PPM = 1_250_000;

    private static final int LONG_BITS = 62;

    private Score() {}

    /** The parts, by the names that a decision keeps. */
    public enum Part {
        /** How far the price lies below the most that the client pays. */
        PRICE(35),
        /** The machine's measured quality. */
        QUALITY(25),
        /** How near it is. */
        LATENCY(15),
        /** Certified capacity a GPU. */
        PERFORMANCE(10),
        /** Best fit: how little of the machine stays free, so that large machines stay whole for large tasks. */
        FRAGMENTATION(10),
        /** How little of the machine is in use already, so that tasks do not crowd. */
        SPREAD(5);

        private static final Part[] ALL = values();
        private final int percent;

        Part(int percent) {
            this.percent = percent;
        }

        /** The part's weight in percent; all together are 100. */
        public int percent() {
            return percent;
        }

        /** In ppm. */
        long of(Offer offer, JobSpec spec) {
            return switch (this) {
                case PRICE -> price(offer.price().wei(), spec.maxPrice().wei());
                case QUALITY -> clamp(offer.qualityPpm());
                case LATENCY -> latency(offer.latencyMicros());
                case PERFORMANCE -> clamp(offer.score() / Math.max(1, offer.totalGpus()) * PPM / BEST_GPU_PPM);
                case FRAGMENTATION ->
                    PPM - part(offer.freeGpus().size() - spec.gpus().count(), offer.totalGpus());
                case SPREAD -> part(offer.freeGpus().size(), offer.totalGpus());
            };
        }
    }

    /** The total in ppm; makes no garbage. */
    public static long total(Offer offer, JobSpec spec) {
        long sum = 0;
        for (Part part : Part.ALL) {
            sum += part.of(offer, spec) * part.percent;
        }
        return sum / 100;
    }

    /** The parts in ppm, by name. */
    public static Map<String, Long> parts(Offer offer, JobSpec spec) {
        Map<String, Long> parts = new HashMap<>();
        for (Part part : Part.ALL) {
            parts.put(part.name(), part.of(offer, spec));
        }
        return parts;
    }

    /** The total that kept parts add up to, for whoever checks a decision. */
    public static long total(Map<String, Long> parts) {
        long sum = 0;
        for (Part part : Part.ALL) {
            sum += parts.getOrDefault(part.name(), 0L) * part.percent;
        }
        return sum / 100;
    }

    /** Both are brought into a long by the same shift; one step of the maximum is a ppm. */
    private static long price(BigInteger price, BigInteger max) {
        int shift = Math.max(0, max.bitLength() - LONG_BITS);
        long most = max.shiftRight(shift).longValue();
        long step = Math.max(1, most / PPM);
        return clamp((most - price.shiftRight(shift).longValue()) / step);
    }

    private static long latency(long micros) {
        long known = micros <= 0 ? HALF_LATENCY_MICROS : micros;
        return PPM * HALF_LATENCY_MICROS / (HALF_LATENCY_MICROS + known);
    }

    private static long part(long some, long all) {
        return clamp(some * PPM / Math.max(1, all));
    }

    private static long clamp(long ppm) {
        return Math.clamp(ppm, 0, PPM);
    }
}
