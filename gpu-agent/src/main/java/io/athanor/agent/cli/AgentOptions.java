package io.athanor.agent.cli;

import io.athanor.agent.AgentSettings;
import io.athanor.agent.nvml.NvmlGpus;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Region;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that several commands share; each has an environment variable {@code ATHANOR_…}. */
public final class AgentOptions {
    @Option(
            names = "--data",
            defaultValue = "${env:ATHANOR_DATA:-/var/lib/athanor-agent}",
            description = "folder of key, spool and files (default: ${DEFAULT-VALUE})")
    private Path data = Path.of("/var/lib/athanor-agent");

    @Option(
            names = "--server",
            defaultValue = "${env:ATHANOR_SERVER:-http://127.0.0.1:8480}",
            description = "the control plane (default: ${DEFAULT-VALUE})")
    private URI server = URI.create("http://127.0.0.1:8480");

    @Option(
            names = "--docker-host",
            defaultValue = "${env:ATHANOR_DOCKER_HOST:-" + AgentSettings.DOCKER_HOST + "}",
            description = "the container engine (default: ${DEFAULT-VALUE})")
    private String dockerHost = AgentSettings.DOCKER_HOST;

    @Option(
            names = "--simulated-gpus",
            defaultValue = "${env:ATHANOR_SIMULATED_GPUS}",
            description = "GPUs that do not exist, for a development network, such as 2xH200")
    private @Nullable String simulatedGpus;

    @Option(
            names = "--nvml",
            defaultValue = "${env:ATHANOR_NVML:-" + NvmlGpus.LIBRARY + "}",
            description = "NVIDIA's management library (default: ${DEFAULT-VALUE})")
    private String nvml = NvmlGpus.LIBRARY;

    @Option(
            names = "--region",
            defaultValue = "${env:ATHANOR_REGION:-local}",
            description = "coarse location (default: ${DEFAULT-VALUE})")
    private String region = "local";

    @Option(
            names = "--metrics-port",
            defaultValue = "${env:ATHANOR_METRICS_PORT:-0}",
            description = "metrics on loopback; 0 takes a free port")
    private int metricsPort;

    @Option(
            names = "--egress-network",
            defaultValue = "${env:ATHANOR_EGRESS_NETWORK}",
            description = "the engine's network for jobs that may reach the internet; without it they are declined")
    private @Nullable String egressNetwork;

    @Option(names = "--container-label", description = "put on every container, as NAME=VALUE")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--grace-seconds",
            defaultValue = "10",
            description = "between TERM and KILL (default: ${DEFAULT-VALUE})")
    private int graceSeconds = 10;

    @Option(
            names = "--disk-reserve-mib",
            defaultValue = "${env:ATHANOR_DISK_RESERVE_MIB:-1024}",
            description = "take no new work with less free disk than this (default: ${DEFAULT-VALUE})")
    private long diskReserveMib;

    @Option(
            names = "--image-watermark-mib",
            defaultValue = "${env:ATHANOR_IMAGE_WATERMARK_MIB:-10240}",
            description =
                    "with less free disk than this, remove images that the agent pulled (default: ${DEFAULT-VALUE})")
    private long imageWatermarkMib;

    /** The settings that these options make. */
    AgentSettings settings() {
        return new AgentSettings(
                data.toAbsolutePath(),
                server,
                dockerHost,
                emptyAsNull(simulatedGpus),
                nvml,
                new Region(region),
                metricsPort,
                labels,
                emptyAsNull(egressNetwork),
                AgentSettings.SPOOL_BYTES,
                Duration.ofSeconds(graceSeconds),
                Limits.UNPAID_PAUSE,
                new AgentSettings.Disk(diskReserveMib, imageWatermarkMib));
    }

    private static @Nullable String emptyAsNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
