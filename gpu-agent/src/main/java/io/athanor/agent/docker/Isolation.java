package io.athanor.agent.docker;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What every job's container is held by, whatever it asks for: no capabilities, no new privileges, the engine's seccomp
 * profile, a numeric non-root user, a read-only root, sized tmpfs, limits on processes, memory (swap counts as memory),
 * CPU and file size, no network but the one its owner set aside, never privileged, no Docker socket.
 */
final class Isolation {
    private static final long SHARED_MEMORY_MIB = 64;
    private static final long MIB = 1 << 20;
    private static final long NANO_CPUS_PER_MILLI = 1_000_000;

    private Isolation() {}

    static HostConfig hostConfig(ContainerPlan plan) {
        ContainerPlan.Limits limits = plan.limits();
        long memory = limits.memoryMiB() * MIB;
        HostConfig config = HostConfig.newHostConfig()
                .withPrivileged(false)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true"))
                .withReadonlyRootfs(true)
                .withTmpFs(Map.of("/tmp", tmpfs(plan)))
                .withBinds(
                        new Bind(plan.inputs().toString(), new Volume("/in"), AccessMode.ro),
                        new Bind(plan.outputs().toString(), new Volume("/out"), AccessMode.rw))
                .withPidsLimit(limits.pids())
                .withMemory(memory)
                .withMemorySwap(memory)
                .withNanoCPUs(limits.cpuMillis() * NANO_CPUS_PER_MILLI)
                .withShmSize(Math.min(memory, SHARED_MEMORY_MIB * MIB))
                .withIpcMode("private")
                .withUlimits(List.of(
                        new Ulimit("core", 0L, 0L),
                        new Ulimit("fsize", limits.fileMiB() * MIB, limits.fileMiB() * MIB)))
                .withRestartPolicy(RestartPolicy.noRestart())
                // Output is taken by attaching; a second copy on the engine's disk would have no owner and no bound.
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                .withNetworkMode(plan.network());
        List<DeviceRequest> devices = deviceRequests(plan.gpus());
        return devices.isEmpty() ? config : config.withDeviceRequests(devices);
    }

    /** The engine gives the mount the mode that the folder has in the image, so that the job's user must own it. */
    private static String tmpfs(ContainerPlan plan) {
        return "rw,nosuid,nodev,size=%dm,uid=%d,gid=%d"
                .formatted(
                        plan.limits().tmpfsMiB(), plan.user().uid(), plan.user().gid());
    }

    /** GPUs are requested by UUID, never by index or count. */
    static List<DeviceRequest> deviceRequests(ContainerPlan.Gpus gpus) {
        if (gpus.simulated() || gpus.uuids().isEmpty()) {
            return List.of();
        }
        if (gpus.byCdi()) {
            List<String> names =
                    gpus.uuids().stream().map(uuid -> "nvidia.com/gpu=" + uuid).toList();
            return List.of(new DeviceRequest().withDriver("cdi").withDeviceIds(names));
        }
        return List.of(new DeviceRequest()
                .withDriver("nvidia")
                .withDeviceIds(gpus.uuids())
                .withCapabilities(List.of(List.of("gpu", "compute", "utility"))));
    }

    /**
     * The job's environment without the variables that steer the NVIDIA hook or the loader. The ones that matter are set
     * here, so that an image's own values do not count either.
     */
    static List<String> environment(ContainerPlan plan) {
        Map<String, String> environment = new TreeMap<>();
        plan.environment().forEach((name, value) -> {
            if (!steersTheHost(name)) {
                environment.put(name, value);
            }
        });
        boolean real = !plan.gpus().simulated() && !plan.gpus().uuids().isEmpty();
        environment.put(
                "NVIDIA_VISIBLE_DEVICES", real ? String.join(",", plan.gpus().uuids()) : "void");
        environment.put("LD_PRELOAD", "");
        environment.put("ATHANOR_LEASE", plan.lease().toString());
        if (plan.gpus().simulated()) {
            environment.put("ATHANOR_SIMULATED_GPUS", "true");
        }
        List<String> lines = new ArrayList<>();
        environment.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }

    static boolean steersTheHost(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("NVIDIA_") || upper.equals("LD_PRELOAD") || upper.equals("ATHANOR_SIMULATED_GPUS");
    }
}
