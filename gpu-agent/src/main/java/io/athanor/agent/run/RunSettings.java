package io.athanor.agent.run;

import io.athanor.agent.docker.ContainerPlan.JobUser;
import io.athanor.agent.logs.LogRing;
import io.athanor.agent.outputs.OutputCollector;
import io.athanor.domain.common.Limits;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this machine's owner, and the house, decide about every job.
 *
 * @param node this machine's id, in the labels of its containers
 * @param jobs folder of the leases' folders
 * @param user who jobs run as
 * @param grace between TERM and KILL
 * @param unpaidPause how long in all a lease waits, its container paused, for its client to pay for more
 * @param egressNetwork the engine's network that the owner set aside for jobs that may reach the internet (it must keep
 *     them from the machine's own networks and link-local metadata addresses), or null where such jobs are declined
 * @param cdi whether the engine knows GPUs by Container Device Interface
 */
public record RunSettings(
        String node,
        Path jobs,
        JobUser user,
        Duration grace,
        Duration unpaidPause,
        LogRing.Bounds log,
        OutputCollector.Bounds outputs,
        @Nullable String egressNetwork,
        boolean cdi) {
    /** A TERM-ignoring job is gone this long after its deadline. */
    public static final Duration GRACE = Duration.ofSeconds(10);

    private static final int LOG_SEGMENT_BYTES = 1 << 20;

    /** The ring holds the longest log that the network takes, so that a slow network, or none, loses nothing of any. */
    public static final LogRing.Bounds LOG =
            new LogRing.Bounds(Limits.LOG_BYTES + LOG_SEGMENT_BYTES, LOG_SEGMENT_BYTES, Limits.LOG_BYTES);

    public static final OutputCollector.Bounds OUTPUTS =
            new OutputCollector.Bounds(Limits.OUTPUTS, Limits.OUTPUT_BYTES);

    /** Processes and threads of one job. */
    public static final long PIDS = 1024;

    /** Size of {@code /tmp}, which counts as the job's memory. */
    public static final long TMPFS_MIB = 256;

    /** The largest file that a job may write. */
    public static final long FILE_MIB = Limits.BLOB_BYTES >> 20;

    /** The usual settings. */
    public static RunSettings of(String node, Path jobs, JobUser user, @Nullable String egressNetwork, boolean cdi) {
        return new RunSettings(node, jobs, user, GRACE, Limits.UNPAID_PAUSE, LOG, OUTPUTS, egressNetwork, cdi);
    }
}
