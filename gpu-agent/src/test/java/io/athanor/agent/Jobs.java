package io.athanor.agent;

import io.athanor.agent.docker.TestImages;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Orders for the tests. */
final class Jobs {
    private Jobs() {}

    static LeaseId lease() {
        return new JobId(UUID.randomUUID()).task(0).lease(1);
    }

    static Start shell(LeaseId lease, String script) {
        return start(
                lease, spec(TestImages.busybox().toString(), Map.of(), 60_000, "/bin/sh", "-c", script), List.of());
    }

    /** As {@link #shell}, with the network that the machine's owner set aside. */
    static Start networked(LeaseId lease, String script) {
        JobSpec spec = shell(lease, script).spec();
        JobSpec networked = new JobSpec(
                spec.name(),
                spec.image(),
                spec.command(),
                spec.env(),
                spec.tasks(),
                spec.gpus(),
                spec.cpuMillis(),
                spec.memoryMib(),
                spec.maxDurationMillis(),
                spec.maxPrice(),
                spec.cap(),
                spec.inputs(),
                JobSpec.Network.EGRESS,
                spec.regions());
        return start(lease, networked, List.of());
    }

    static JobSpec spec(String image, Map<String, JobSpec.Input> inputs, long maxMillis, String... command) {
        return spec(image, inputs, 500, maxMillis, command);
    }

    static JobSpec spec(
            String image, Map<String, JobSpec.Input> inputs, int cpuMillis, long maxMillis, String... command) {
        return new JobSpec(
                "test",
                image,
                List.of(command),
                Map.of(),
                1,
                new JobSpec.GpuDemand(0, null, 0, true),
                cpuMillis,
                64,
                maxMillis,
                Ath.ZERO,
                Ath.ZERO,
                inputs,
                JobSpec.Network.NONE,
                Set.of());
    }

    private static Map<String, String> environment(JobSpec spec) {
        Map<String, String> environment = new HashMap<>(spec.env());
        environment.put("ATHANOR_TASK_INDEX", "0");
        return environment;
    }

    static Start start(LeaseId lease, JobSpec spec, List<String> gpus) {
        return new Start(
                lease, spec, environment(spec), gpus, 3_600_000, Instant.now().plusSeconds(60), Json.digest(spec));
    }
}
