package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.agent.nvml.StubNvml;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.local.TestEngines;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the agent does about GPUs that fail, with a stand-in for NVIDIA's library. */
@Tag("docker")
class GpuLossIT {
    private static final String FIRST = "gpu GPU-aaaa name=NVIDIA_H100 serial=1 pci=00000000:41:00.0 mem=81559 cc=90";
    private static final String SECOND = "gpu GPU-bbbb name=NVIDIA_H100 serial=2 pci=00000000:42:00.0 mem=81559 cc=90";

    @Test
    void aGpuThatIsLostOrHasAHardwareErrorLeavesTheOffersAndAnUnavailableOneFailsTheStart() throws Exception {
        Path folder = TestEngines.folder("nvml");
        StubNvml stub = StubNvml.build(folder);
        stub.state("driver 570.1", FIRST, SECOND);
        try (ScriptedControlPlane plane = new ScriptedControlPlane();
                RunningAgent agent = new RunningAgent(plane, null, stub.library())) {
            agent.start();
            await().atMost(SOON).until(() -> !plane.sessions().isEmpty());
            assertThat(plane.sessions().getFirst().inventory().gpus())
                    .extracting(gpu -> gpu.uuid() + " " + gpu.model() + " " + gpu.driver())
                    .containsExactly("GPU-aaaa H100 570.1", "GPU-bbbb H100 570.1");
            assertThat(plane.sessions().getFirst().inventory().simulated()).isFalse();

            // This engine has no NVIDIA runtime: the start fails, and says so, instead of running without a GPU.
            LeaseId lease = Jobs.lease();
            plane.send(Jobs.start(lease, Jobs.shell(lease, "true").spec(), List.of("GPU-aaaa")));
            assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.GPU_LOST);
            agent.awaitForgotten(lease);
            assertThat(plane.log(lease)).contains("could not give the GPU to the container");

            stub.state("driver 570.1", FIRST, SECOND, "xid 1 GPU-bbbb 31", "xid 2 GPU-aaaa 79");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(plane.reports())
                            .contains(new AgentReport.GpuChanged("GPU-aaaa", false, "XID 79")));
            stub.state("driver 570.1", FIRST, SECOND + " lost=1", "xid 1 GPU-bbbb 31", "xid 2 GPU-aaaa 79");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(plane.reports())
                            .contains(new AgentReport.GpuChanged("GPU-bbbb", false, "does not answer")));
            LeaseId late = Jobs.lease();
            plane.send(Jobs.start(late, Jobs.shell(late, "true").spec(), List.of("GPU-bbbb")));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(plane.reports())
                            .contains(
                                    new AgentReport.Declined(late, Ending.REFUSED_BY_AGENT, "GPU GPU-bbbb is unwell")));
        }
    }
}
