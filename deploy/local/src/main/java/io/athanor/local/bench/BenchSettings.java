package io.athanor.local.bench;

import java.util.List;

/**
 * What is measured.
 *
 * @param tasks how many tasks the load phase settles
 * @param array tasks of one job
 * @param inFlight the most tasks between submission and end in the load phase
 * @param idleTasks tasks of the idle phase, one after the other
 * @param checkers how many simulated checkers, each with one stake unit
 * @param runMillis how long a simulated container runs
 * @param warmUpTasks tasks before anything is measured, so that the programs are compiled as those of a server that has
 *     run for minutes
 * @param nodeOptions further options of the node's virtual machine, such as a flight recording
 */
public record BenchSettings(
        int tasks,
        int array,
        int inFlight,
        int idleTasks,
        int warmUpTasks,
        int machines,
        int gpusPerMachine,
        int checkers,
        long runMillis,
        List<String> nodeOptions) {
    public BenchSettings {
        nodeOptions = List.copyOf(nodeOptions);
    }
}
