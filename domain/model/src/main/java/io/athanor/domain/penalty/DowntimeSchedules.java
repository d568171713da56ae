package io.athanor.domain.penalty;

import io.athanor.domain.penalty.Offence.Agreed;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Every schedule of downtime that the network has had, so that an outage is charged by the one that the lost lease's agreement
 * names, whatever has come into force since.
 *
 * <p>Invariant: oldest first; a version that changes no schedule adds none, so the list grows with votes on it alone. An
 * outage of leases under several schedules costs each lease its own: the case's rate is the mean of theirs, weighted by the
 * stake behind them and rounded up to a bp. Outages whose leases name no stake follow the parameters in force.
 */
public record DowntimeSchedules(List<Since> all) {
    public static final DowntimeSchedules NONE = new DowntimeSchedules(List.of());

    public DowntimeSchedules {
        all = List.copyOf(all);
    }

    /** From this version of the parameters on. */
    public record Since(int version, DowntimeSchedule schedule) {}

    /** Of these versions, oldest first. */
    public static DowntimeSchedules of(List<ParametersActivated> versions) {
        DowntimeSchedules known = NONE;
        for (ParametersActivated version : versions) {
            known = known.with(version);
        }
        return known;
    }

    /** With a version that came into force. */
    public DowntimeSchedules with(ParametersActivated version) {
        DowntimeSchedule schedule = DowntimeSchedule.of(version.parameters());
        if (!all.isEmpty() && all.getLast().schedule().equals(schedule)) {
            return this;
        }
        List<Since> more = new ArrayList<>(all);
        more.add(new Since(version.version(), schedule));
        return new DowntimeSchedules(more);
    }

    /** The schedule of a version. Error: {@link IllegalStateException} for one before all that are known. */
    public DowntimeSchedule of(int version) {
        return all.stream()
                .filter(since -> since.version() <= version)
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new IllegalStateException("no schedule of version " + version + " is known"))
                .schedule();
    }

    /**
     * The rate of an offence as of now; 0 where nothing is due yet.
     *
     * @param ended when an outage ended, null while it goes on
     */
    public long rateBps(Offence offence, @Nullable Instant ended, Instant now, ProtocolParameters inForce) {
        if (!(offence instanceof Downtime outage && outage.isAgreed())) {
            return PenaltyPolicy.rateBps(offence, ended, now, inForce);
        }
        Duration length = PenaltyPolicy.length(outage, ended, now);
        return mean(outage, schedule -> schedule.bps(length));
    }

    /** Whether the highest rate is reached, so that waiting for the end of the outage changes nothing. */
    public boolean isTop(Offence offence, long bps, ProtocolParameters inForce) {
        return offence instanceof Downtime outage && outage.isAgreed()
                ? bps >= mean(outage, DowntimeSchedule::topBps)
                : PenaltyPolicy.isTop(offence, bps, inForce);
    }

    /** The least instant after {@code now} at which an ongoing outage's rate may rise; null where it cannot. */
    public @Nullable Instant nextRise(Downtime outage, Instant now, ProtocolParameters inForce) {
        if (!outage.isAgreed()) {
            return DowntimeSchedule.of(inForce).nextRise(outage.since(), now);
        }
        return outage.leases().stream()
                .map(lease -> agreed(lease).nextRise(outage.since(), now))
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private DowntimeSchedule agreed(LostLease lease) {
        Agreed agreed = lease.agreed();
        if (agreed == null) {
            throw new IllegalArgumentException(lease.lease() + " names no stake");
        }
        return of(agreed.parameters());
    }

    private long mean(Downtime outage, ToLongFunction<DowntimeSchedule> rate) {
        BigInteger stakes = BigInteger.ZERO;
        BigInteger due = BigInteger.ZERO;
        long most = 0;
        for (LostLease lease : outage.leases()) {
            long bps = rate.applyAsLong(agreed(lease));
            BigInteger stake = lease.stake().wei();
            stakes = stakes.add(stake);
            due = due.add(stake.multiply(BigInteger.valueOf(bps)));
            most = Math.max(most, bps);
        }
        if (stakes.signum() == 0) {
            return most;
        }
        BigInteger[] parts = due.divideAndRemainder(stakes);
        return parts[0].longValueExact() + parts[1].signum();
    }
}
