package io.athanor.domain.penalty;

import io.athanor.domain.common.Region;
import io.athanor.domain.protocol.Accountability.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Machines that drop together are nobody's fault: the network's, or their region's.
 *
 * <p>Invariant: only machines of OTHER owner groups count, at least {@code least} of them, so nobody excuses itself by
 * switching off its own; a pure function of the drops. Source: what NuCypher and Celo learnt from mass slashing.
 */
public final class OutageExemption {
    private static final long BPS = 10_000;

    private OutageExemption() {}

    /**
     * @param wentAt when it went offline, each time that is remembered. The newest alone would not do: machines that dropped
     *     together drop again, and what was nobody's fault would become somebody's
     */
    public record Seen(String ownerGroup, Region region, List<Instant> wentAt) {
        public Seen {
            wentAt = List.copyOf(wentAt);
        }
    }

    /** Whether a machine of this group that went at {@code since} is excused. */
    public static boolean excuses(
            String ownerGroup, Region region, Instant since, Collection<Seen> machines, Outage rules) {
        List<Seen> others = machines.stream()
                .filter(m -> !m.ownerGroup().equals(ownerGroup))
                .toList();
        List<Seen> near = others.stream().filter(m -> m.region().equals(region)).toList();
        return drops(near, since, rules, rules.regionBps()) || drops(others, since, rules, rules.networkBps());
    }

    private static boolean drops(List<Seen> machines, Instant since, Outage rules, long bps) {
        long dropped = machines.stream()
                .filter(m -> m.wentAt().stream().anyMatch(at -> together(at, since, rules)))
                .count();
        return dropped >= rules.least() && dropped * BPS > machines.size() * bps;
    }

    private static boolean together(Instant wentAt, Instant since, Outage rules) {
        return Duration.between(wentAt, since).abs().toMillis() <= rules.withinMillis();
    }
}
