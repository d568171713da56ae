package io.athanor.agent.docker;

import io.athanor.domain.common.LeaseId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that one container needs on this machine. What a job may ask for and what the house imposes are kept apart: this
 * holds the first, {@link Isolation} adds the second.
 *
 * @param lease names the container; its fence is part of it, so a (task, fence) has one container
 * @param node this agent's id, so that two agents on one engine never touch each other's containers
 * @param specHash digest of the job's specification, by which a second creation is recognised as the same
 * @param command program and arguments; empty for the image's own
 * @param deadline when the lease's time is over, for whoever looks at the labels
 * @param inputs folder mounted read-only at {@code /in}
 * @param network {@link #NO_NETWORK}, or a network of the engine that this machine's owner set aside for jobs
 * @param outputs folder mounted at {@code /out}
 * @param user who the processes run as
 */
public record ContainerPlan(
        LeaseId lease,
        String node,
        String specHash,
        ImageReference image,
        List<String> command,
        Map<String, String> environment,
        Limits limits,
        Gpus gpus,
        String network,
        Instant deadline,
        Path inputs,
        Path outputs,
        JobUser user) {

    /**
     * @param cpuMillis thousandths of a CPU
     * @param memoryMiB memory; swap is the same, so that none is used
     * @param pids most processes and threads
     * @param tmpfsMiB size of {@code /tmp}
     * @param fileMiB size of the largest file that the job may write
     */
    public record Limits(long cpuMillis, long memoryMiB, long pids, long tmpfsMiB, long fileMiB) {}

    /**
     * @param uuids the GPUs of this lease; empty for a CPU job
     * @param simulated true when they do not exist: then nothing is passed to the engine, and the job is told
     * @param byCdi true where the engine knows the GPUs by Container Device Interface
     */
    public record Gpus(List<String> uuids, boolean simulated, boolean byCdi) {
        public static final Gpus NONE = new Gpus(List.of(), false, false);
    }

    /** The network mode of a job that may reach nothing. */
    public static final String NO_NETWORK = "none";

    /** Numeric ids: a name would be looked up in the image. Never root. */
    public record JobUser(long uid, long gid) {
        /** Used where the agent itself is root. */
        public static final JobUser UNPRIVILEGED = new JobUser(64_213, 64_213);

        public JobUser {
            if (uid <= 0 || gid <= 0) {
                throw new IllegalArgumentException("a job never runs as root");
            }
        }
    }

    public ContainerPlan {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** The container's name on the engine. */
    public String name() {
        return nameOf(lease);
    }

    static String nameOf(LeaseId lease) {
        return "athanor-" + lease;
    }
}
