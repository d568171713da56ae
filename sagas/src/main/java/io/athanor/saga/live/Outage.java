package io.athanor.saga.live;

import io.athanor.domain.common.RoundId;
import io.athanor.domain.penalty.Offence.LostLease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A machine's newest time away.
 *
 * @param ended null while it is away
 * @param leases that it lost
 * @param rounds in which a quorum found it offline, the first ones
 * @param judges owner groups whose checkers sat in them
 */
public record Outage(
        Instant since, @Nullable Instant ended, List<LostLease> leases, List<RoundId> rounds, List<String> judges) {
    private static final int ROUNDS_KEPT = 1;

    public Outage {
        leases = List.copyOf(leases);
        rounds = List.copyOf(rounds);
        judges = List.copyOf(judges);
    }

    static Outage begun(Instant at) {
        return new Outage(at, null, List.of(), List.of(), List.of());
    }

    Outage endedAt(Instant at) {
        return new Outage(since, at, leases, rounds, judges);
    }

    Outage losing(LostLease lease) {
        List<LostLease> more = new ArrayList<>(leases);
        more.add(lease);
        return new Outage(since, ended, more, rounds, judges);
    }

    /** A quorum found the machine offline while it was away. */
    Outage attested(RoundId round, List<String> groups) {
        if (rounds.size() >= ROUNDS_KEPT) {
            return this;
        }
        TreeSet<String> all = new TreeSet<>(judges);
        all.addAll(groups);
        List<RoundId> more = new ArrayList<>(rounds);
        more.add(round);
        return new Outage(since, ended, leases, more, List.copyOf(all));
    }
}
