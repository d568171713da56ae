package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * What run time costs. Prices are wei per GPU-second, times milliseconds.
 *
 * <p>Invariant: {@code cost(paidUntilMillis(spec, price), price, gpus) <= capOfTask}, and one millisecond more would
 * either cost more than the cap or pass the maximum duration.
 */
public final class Billing {
    private static final BigInteger MILLIS_PER_SECOND = BigInteger.valueOf(1_000);

    private Billing() {}

    /** {@code floor(ms * price * gpus / 1000)}, in wei. */
    public static Ath cost(long billableMillis, Ath price, int gpus) {
        BigInteger gpuMillis = BigInteger.valueOf(billableMillis).multiply(BigInteger.valueOf(gpus));
        return price.share(gpuMillis, MILLIS_PER_SECOND);
    }

    /** The run time that one task's cap pays for at this price, at most the maximum duration. */
    public static long paidUntilMillis(JobSpec spec, Ath price) {
        BigInteger pricePerMillis =
                price.wei().multiply(BigInteger.valueOf(spec.gpus().count()));
        if (pricePerMillis.signum() == 0) {
            return spec.maxDurationMillis();
        }
        // The cost is floored, so the cap is passed only where ms * price reaches the next whole wei.
        BigInteger nextWei = spec.capOfTask().wei().add(BigInteger.ONE).multiply(MILLIS_PER_SECOND);
        BigInteger paid = nextWei.subtract(BigInteger.ONE).divide(pricePerMillis);
        return paid.min(BigInteger.valueOf(spec.maxDurationMillis())).longValueExact();
    }

    /**
     * The longest that a run can have been by the network's own clock: from the start it heard of; from the assignment
     * where it heard of start and end at once, as after an outage of its own.
     */
    public static long longestRunMillis(Lease lease, Instant startedAt, Instant endedAt) {
        Instant assignedAt = lease.startBy().minusMillis(lease.agreement().startDeadlineMillis());
        Instant from = startedAt.isBefore(endedAt) ? startedAt : assignedAt;
        return Math.max(0, Duration.between(from, endedAt).toMillis());
    }
}
