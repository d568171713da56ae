package io.athanor.domain.penalty;

import io.athanor.domain.protocol.Accountability.Band;
import io.athanor.domain.protocol.Accountability.Penalties;
import io.athanor.domain.protocol.Accountability.Schedule;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an outage costs by its length. Rates in bps of the stake that is required for the leased GPUs.
 *
 * @param bands of the graded schedule, shortest first; the first one's beginning is the flat schedule's too
 * @param flatBps of the flat schedule, for each settlement day begun
 * @param dayMillis a settlement day
 */
public record DowntimeSchedule(Schedule schedule, List<Band> bands, long flatBps, long dayMillis) {
    private static final long BPS = 10_000;

    public DowntimeSchedule {
        bands = List.copyOf(bands);
    }

    /** The schedule that these parameters set. */
    public static DowntimeSchedule of(ProtocolParameters parameters) {
        Penalties rules = parameters.accountable().penalties();
        return new DowntimeSchedule(
                rules.schedule(),
                rules.downtime(),
                rules.flatBps(),
                parameters.timing().dayMillis());
    }

    /** The rate of an outage of this length; 0 where nothing is due yet. */
    public long bps(Duration length) {
        if (schedule == Schedule.FLAT) {
            long periods = Math.ceilDiv(length.toMillis(), dayMillis);
            return length.toMillis() > bands.getFirst().from() ? Math.min(BPS, periods * flatBps) : 0;
        }
        long bps = 0;
        for (Band band : bands) {
            bps = length.toMillis() > band.from() ? Math.max(bps, band.bps()) : bps;
        }
        return bps;
    }

    /** From this rate on waiting for the end of the outage changes nothing. */
    public long topBps() {
        return bands.getLast().bps();
    }

    /** The least instant after {@code now} at which the rate of an outage that goes on may rise; null where it cannot. */
    public @Nullable Instant nextRise(Instant since, Instant now) {
        return bands.stream()
                .map(band -> since.plusMillis(band.from() + 1))
                .filter(at -> at.isAfter(now))
                .findFirst()
                .orElse(null);
    }
}
