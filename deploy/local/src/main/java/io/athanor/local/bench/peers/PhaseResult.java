package io.athanor.local.bench.peers;

/**
 * What came of a phase, as the load program saw it.
 *
 * @param seconds from the first submission to the last acknowledged end
 * @param failures requests that failed or were refused, in the whole life of the program
 */
public record PhaseResult(
        int ended, int declined, double seconds, Latency submitToRunning, int failures, String newestFailure) {}
