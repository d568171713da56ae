package io.athanor.agent;

import io.athanor.agent.nvml.GpuSource;
import io.athanor.agent.nvml.NvmlGpus;
import io.athanor.agent.nvml.SimulatedGpus;
import io.athanor.agent.run.RunSettings;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Region;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one agent is set up.
 *
 * @param data folder with key, spool and the leases' files
 * @param server the control plane
 * @param dockerHost address of the container engine
 * @param simulatedGpus such as {@code 2xH200}, or null for the machine's own GPUs
 * @param nvmlLibrary name or path of NVIDIA's management library
 * @param metricsPort on loopback; 0 takes a free one
 * @param containerLabels put on every container besides the agent's own
 * @param egressNetwork see {@link RunSettings}
 * @param spoolBytes bound of the spool
 * @param grace between TERM and KILL
 * @param unpaidPause see {@link RunSettings}
 */
public record AgentSettings(
        Path data,
        URI server,
        String dockerHost,
        @Nullable String simulatedGpus,
        String nvmlLibrary,
        Region region,
        int metricsPort,
        Map<String, String> containerLabels,
        @Nullable String egressNetwork,
        long spoolBytes,
        Duration grace,
        Duration unpaidPause,
        Disk disk) {

    /**
     * What stays free on the disk, in MiB.
     *
     * @param reserveMib below it no new lease is taken
     * @param imageWatermarkMib below it the agent removes images that it pulled, least recently used first
     */
    public record Disk(long reserveMib, long imageWatermarkMib) {
        /** Room for the outputs of a few jobs, and for the next image. */
        public static final Disk USUAL = new Disk(1024, 10 * 1024);
    }

    public static final String DOCKER_HOST = "unix:///var/run/docker.sock";
    public static final long SPOOL_BYTES = 64L << 20;

    /** The usual settings for a data folder, a server and an engine, with simulated GPUs or the machine's own. */
    public static AgentSettings of(Path data, URI server, String dockerHost, @Nullable String simulatedGpus) {
        return new AgentSettings(
                data,
                server,
                dockerHost,
                simulatedGpus,
                NvmlGpus.LIBRARY,
                new Region("local"),
                0,
                Map.of(),
                null,
                SPOOL_BYTES,
                RunSettings.GRACE,
                Limits.UNPAID_PAUSE,
                Disk.USUAL);
    }

    /** This machine's GPUs; none where NVIDIA's library is not installed and none are simulated. */
    GpuSource gpus(Identity identity) {
        if (simulatedGpus != null) {
            return SimulatedGpus.parse(simulatedGpus, identity.machine().toString());
        }
        return NvmlGpus.open(nvmlLibrary).<GpuSource>map(found -> found).orElseGet(GpuSource::none);
    }
}
