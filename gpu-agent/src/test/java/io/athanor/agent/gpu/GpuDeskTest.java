package io.athanor.agent.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.agent.nvml.CapacityCard;
import io.athanor.agent.nvml.GpuFault;
import io.athanor.agent.nvml.GpuFault.Blame;
import io.athanor.agent.nvml.GpuInventory;
import io.athanor.agent.nvml.SimulatedGpus;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GpuDeskTest {
    private final SimulatedGpus source = SimulatedGpus.parse("2xH200,1xRTX4090", "seed");
    private final GpuDesk desk = new GpuDesk(source);
    private final List<String> uuids =
            source.inventory().stream().map(GpuInventory::uuid).toList();
    private final LeaseId lease = new JobId(UUID.randomUUID()).task(0).lease(1);
    private final LeaseId other = new JobId(UUID.randomUUID()).task(0).lease(1);

    @Test
    void aGpuIsHeldByOneLeaseAllOrNothing() {
        assertThat(desk.hold(lease, uuids.subList(0, 2))).isEmpty();
        assertThat(desk.hold(lease, uuids.subList(0, 2))).isEmpty();
        assertThat(desk.hold(other, uuids.subList(1, 3)))
                .hasValueSatisfying(why -> assertThat(why).contains("held by"));
        assertThat(desk.hold(other, uuids.subList(2, 3))).isEmpty();
        desk.release(lease);
        assertThat(desk.hold(other, uuids.subList(1, 2))).isEmpty();
        assertThat(desk.hold(lease, List.of("GPU-x")))
                .hasValueSatisfying(why -> assertThat(why).contains("has no GPU"));
    }

    @Test
    void aHardwareFaultTakesTheGpuOutOnceAndNamesItsHolder() {
        assertThat(desk.hold(lease, uuids.subList(0, 1))).isEmpty();
        GpuFault fault = new GpuFault(uuids.getFirst(), 79L, Blame.HARDWARE);
        assertThat(desk.fault(fault)).contains(new GpuDesk.Consequence(uuids.getFirst(), lease, "XID 79"));
        assertThat(desk.fault(fault)).isEmpty();
        desk.release(lease);
        assertThat(desk.hold(other, uuids.subList(0, 1)))
                .hasValueSatisfying(why -> assertThat(why).contains("unwell"));
        assertThat(desk.health()).extracting(GpuHealth::healthy).containsExactly(false, true, true);
    }

    @Test
    void anApplicationFaultIsTheJobsAndLeavesTheGpuWell() {
        assertThat(desk.hold(lease, uuids.subList(0, 1))).isEmpty();
        assertThat(desk.fault(new GpuFault(uuids.getFirst(), 31L, Blame.APPLICATION)))
                .isEmpty();
        assertThat(desk.applicationError(lease)).isTrue();
        assertThat(desk.applicationError(other)).isFalse();
        desk.release(lease);
        assertThat(desk.applicationError(lease)).isFalse();
        assertThat(desk.hold(other, uuids.subList(0, 1))).isEmpty();
    }

    /** A job that starts finds the card's memory free. */
    @Test
    void aLeaseWaitsForTheTestThatComputesOnItsGpu() throws Exception {
        CapacityCard card = desk.card(uuids.getFirst()).orElseThrow();
        CapacityWork work = new CapacityWork(Hash32.ZERO, uuids.getFirst(), 1, 20_000);
        AtomicBoolean computed = new AtomicBoolean();
        Thread test = Thread.ofPlatform().start(() -> {
            try {
                card.compute(work);
                computed.set(true);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> test.getState() == Thread.State.TIMED_WAITING || computed.get());
        assertThat(desk.hold(lease, uuids)).isEmpty();
        desk.awaitTests(uuids.subList(1, 3));
        desk.awaitTests(uuids);
        assertThat(test.getState()).as("it computes no more").isNotEqualTo(Thread.State.TIMED_WAITING);
        test.join();
        assertThat(computed).isTrue();
    }

    @Test
    void modelsHaveTheNetworksNames() {
        assertThat(desk.inventory()).extracting(Inventory.Gpu::model).containsExactly("H200", "H200", "RTX 4090");
        assertThat(desk.inventory()).extracting(Inventory.Gpu::driver).containsOnly("simulated");
    }
}
