package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right and duty to run one task on one machine, with the agreement's terms.
 *
 * @param gpus UUIDs of the reserved GPUs
 * @param price per GPU-second, in wei
 * @param startBy later than this and the lease is lost
 * @param agreement what was promised
 * @param simulated whether the machine's GPUs are simulated
 */
public record Lease(
        LeaseId id,
        MachineId machine,
        Wallet provider,
        List<String> gpus,
        Ath price,
        Instant startBy,
        Agreement agreement,
        boolean simulated) {
    public Lease {
        gpus = List.copyOf(gpus);
    }

    /** From the assignment until then, in ms. */
    public long startMillis(Instant at) {
        return Math.max(
                0,
                agreement.startDeadlineMillis() + Duration.between(startBy, at).toMillis());
    }

    /**
     * The service agreement, fixed at assignment.
     *
     * @param tier the SLA tier's lease uptime, in ppm
     * @param formulaVersion of the rules that will judge it
     * @param promise what else was promised; null in leases of version 1
     */
    public record Agreement(
            long tier,
            long startDeadlineMillis,
            int formulaVersion,
            @Nullable Promise promise) {
        /** An agreement of version 1. */
        public Agreement(long tier, long startDeadlineMillis, int formulaVersion) {
            this(tier, startDeadlineMillis, formulaVersion, null);
        }

        /** As it was before agreements named the stake behind them, in version 2. */
        public Agreement withoutStake() {
            return promise == null
                    ? this
                    : new Agreement(tier, startDeadlineMillis, Promise.WITHOUT_STAKE, promise.withoutStake());
        }
    }
}
