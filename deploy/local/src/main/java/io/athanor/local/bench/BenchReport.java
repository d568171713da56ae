package io.athanor.local.bench;

import io.athanor.local.bench.peers.Latency;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/**
 * What a benchmark found. Every figure is of one run on one machine; the ratios to the floor carry over to others.
 *
 * @param simulated what was simulated, in words
 * @param floorRate single INSERT and commit on the same server in the same run
 * @param idle submission to running with nothing else under way
 * @param load submission to running in the load phase; it contains the wait for a place among those in flight
 * @param cpuMillisAJob by process, over the load phase to the last settlement
 * @param aJob what one task cost the database
 * @param memory by process at the end
 */
public record BenchReport(
        String simulated,
        BenchSettings settings,
        int processors,
        Floor floorRate,
        Latency idle,
        Latency load,
        Rates rates,
        Map<String, BigDecimal> cpuMillisAJob,
        AJob aJob,
        Map<String, Memory> memory,
        Rounds rounds,
        int failures,
        String newestFailure) {

    /**
     * Tasks a second.
     *
     * @param ended to the last end
     * @param settled to the last settlement, the windows of attestation included
     * @param sustained settled a second of the {@code epochs} that lay wholly inside the load phase: what it keeps up
     * @param eventsAFloorCommit events a second until the last end, a floor commit by eight connections
     */
    public record Rates(
            BigDecimal ended,
            BigDecimal settled,
            BigDecimal sustained,
            int epochs,
            BigDecimal secondsToEnd,
            BigDecimal secondsToSettled,
            BigDecimal eventsAFloorCommit) {}

    /** What one task cost the database. */
    public record AJob(
            BigDecimal events,
            BigDecimal transactions,
            BigDecimal writes,
            BigDecimal walBytes,
            BigDecimal storedBytes) {}

    /**
     * How the attestation rounds were closed that were measured, and how many before, in the warm-up, were inconclusive: there
     * uncompiled programs on a full machine miss windows of seconds.
     */
    public record Rounds(long finalized, long inconclusive, long inconclusiveBefore) {
        Rounds since(Rounds before) {
            return new Rounds(finalized - before.finalized, inconclusive - before.inconclusive, before.inconclusive);
        }
    }

    /** Resident memory in MiB. */
    public record Memory(long rssMib, long pssMib) {}

    static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP);
    }

    /** The table that a person reads, the floor beside the figures. */
    public String table() {
        StringBuilder table = new StringBuilder();
        line(table, "simulated", simulated);
        line(
                table,
                "load",
                settings.tasks() + " tasks, " + settings.array() + " a job, " + settings.inFlight() + " in flight; "
                        + settings.machines() + " machines of " + settings.gpusPerMachine() + " GPUs, "
                        + settings.checkers() + " checkers, " + processors + " cores");
        line(
                table,
                "floor: INSERT + commit / s",
                String.format(
                        Locale.ROOT,
                        "%,.0f by one connection, %,.0f by eight",
                        floorRate.oneConnection(),
                        floorRate.eightConnections()));
        line(table, "tasks ended / s", rates.ended() + " (in " + rates.secondsToEnd() + " s)");
        line(
                table,
                "tasks settled / s",
                rates.settled() + " (in " + rates.secondsToSettled() + " s, attestation windows included)");
        line(table, "tasks settled / s, sustained", rates.sustained() + " (over " + rates.epochs() + " whole epochs)");
        line(table, "events a floor commit", rates.eventsAFloorCommit().toString());
        line(table, "submit → running, idle", text(idle));
        line(table, "submit → running, load", text(load));
        cpuMillisAJob.forEach((process, millis) -> line(table, "CPU a task: " + process, millis + " ms"));
        line(
                table,
                "database a task",
                aJob.events() + " events, " + aJob.writes() + " writes of " + aJob.transactions() + " transactions, "
                        + aJob.walBytes() + " B WAL, " + aJob.storedBytes() + " B stored");
        memory.forEach((process, used) ->
                line(table, "memory: " + process, used.pssMib() + " MiB PSS, " + used.rssMib() + " MiB RSS"));
        line(
                table,
                "attestation rounds",
                rounds.finalized() + " finalized, " + rounds.inconclusive() + " inconclusive; "
                        + rounds.inconclusiveBefore() + " inconclusive in the warm-up");
        line(table, "failures", failures == 0 ? "none" : failures + ", newest: " + newestFailure);
        return table.toString();
    }

    /** Whether everything was attested by a quorum and no request failed. */
    public boolean good() {
        return failures == 0 && rounds.inconclusive() == 0;
    }

    private static String text(Latency latency) {
        return "p50 " + latency.p50Millis() + " ms, p95 " + latency.p95Millis() + " ms, p99 " + latency.p99Millis()
                + " ms of " + latency.tasks() + " tasks";
    }

    private static void line(StringBuilder table, String name, String value) {
        table.append(String.format(Locale.ROOT, "%-36s %s%n", name, value));
    }
}
