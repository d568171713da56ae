package io.athanor.local.bench.peers;

/**
 * What the load program is asked for.
 *
 * @param tasks how many tasks in all
 * @param array tasks of one job
 * @param inFlight the most tasks between submission and end
 */
public record Phase(int tasks, int array, int inFlight) {}
