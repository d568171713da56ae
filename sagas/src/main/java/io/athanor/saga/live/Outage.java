package io.athanor.saga.live;

import io.athanor.domain.common.CaseId;
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
 * @param before when it went the times before, newest first: what dropped together is told from all of them
 * @param ended null while it is away
 * @param leases that it lost
 * @param rounds in which a quorum found it offline, the first ones
 * @param judges owner groups whose checkers sat in them
 * @param penaltyCase that was opened of it, also when the case itself is forgotten; null before
 */
public record Outage(
        Instant since,
        @Nullable Instant ended,
        List<LostLease> leases,
        List<RoundId> rounds,
        List<String> judges,
        @Nullable List<Instant> before,
        @Nullable CaseId penaltyCase) {
    private static final int ROUNDS_KEPT = 1;
    private static final int DROPS_KEPT = 8;

    public Outage {
        leases = List.copyOf(leases);
        rounds = List.copyOf(rounds);
        judges = List.copyOf(judges);
        before = before == null ? List.of() : List.copyOf(before);
    }

    static Outage begun(Instant at, @Nullable Outage last) {
        List<Instant> before = last == null ? List.of() : last.drops();
        return new Outage(
                at,
                null,
                List.of(),
                List.of(),
                List.of(),
                before.subList(0, Math.min(DROPS_KEPT, before.size())),
                null);
    }

    /** When it went, each time that is remembered, newest first. */
    public List<Instant> drops() {
        List<Instant> drops = new ArrayList<>();
        drops.add(since);
        if (before != null) {
            drops.addAll(before);
        }
        return drops;
    }

    Outage endedAt(Instant at) {
        return new Outage(since, at, leases, rounds, judges, before, penaltyCase);
    }

    Outage losing(LostLease lease) {
        List<LostLease> more = new ArrayList<>(leases);
        more.add(lease);
        return new Outage(since, ended, more, rounds, judges, before, penaltyCase);
    }

    /** One outage is one case. */
    Outage in(CaseId opened) {
        return new Outage(since, ended, leases, rounds, judges, before, opened);
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
        return new Outage(since, ended, leases, more, List.copyOf(all), before, penaltyCase);
    }
}
