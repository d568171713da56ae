package io.athanor.agent.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.agent.gpu.GpuDesk;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.machine.Inventory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvmlGpusTest {
    private static final String DRIVER = "driver 570.86.10";
    private static final String H100 =
            "gpu GPU-aaaa name=NVIDIA_H100 serial=165 pci=00000000:41:00.0 mem=81559 used=512"
                    + " util=37 temp=51 power=310000 limit=700000 ecc=1 eccerrors=2 mig=0 cc=90";
    private static final String GAMING =
            "gpu GPU-bbbb name=NVIDIA_GeForce_RTX_3090 pci=00000000:42:00.0 mem=24576 cc=86";

    private static final String SPLIT = H100.replace("mig=0", "mig=1");
    private static final String SMALL_INSTANCE =
            "mig MIG-1111 of=GPU-aaaa name=NVIDIA_H100_80GB_HBM3_MIG_1g.10gb mem=9728 used=12 gi=7";
    private static final String LARGE_INSTANCE =
            "mig MIG-2222 of=GPU-aaaa name=NVIDIA_H100_80GB_HBM3_MIG_3g.40gb mem=40448 gi=2";

    @TempDir
    Path directory;

    @Test
    void reportsWhatTheDriverSaysAndNothingThatItDoesNot() throws Exception {
        StubNvml stub = StubNvml.build(directory);
        stub.state(DRIVER, H100, GAMING);
        try (NvmlGpus gpus = NvmlGpus.open(stub.library()).orElseThrow()) {
            assertThat(gpus.driverVersion()).isEqualTo("570.86.10");
            assertThat(gpus.simulated()).isFalse();
            assertThat(gpus.inventory())
                    .containsExactly(
                            new GpuInventory(
                                    "GPU-aaaa",
                                    "NVIDIA H100",
                                    "165",
                                    "00000000:41:00.0",
                                    81_559,
                                    512L,
                                    90,
                                    37,
                                    51,
                                    310_000,
                                    700_000,
                                    true,
                                    2L,
                                    false,
                                    false),
                            new GpuInventory(
                                    "GPU-bbbb",
                                    "NVIDIA GeForce RTX 3090",
                                    null,
                                    "00000000:42:00.0",
                                    24_576,
                                    0L,
                                    86,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    false));
        }
    }

    @Test
    void closingWaitsForWhoWaitsForFaults() throws Exception {
        StubNvml stub = StubNvml.build(directory);
        stub.state(DRIVER, H100);
        NvmlGpus gpus = NvmlGpus.open(stub.library()).orElseThrow();
        Duration wait = Duration.ofMillis(400);
        CompletableFuture<List<GpuFault>> waiting = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread waiter = Thread.ofVirtual().start(() -> {
            begun.countDown();
            try {
                waiting.complete(gpus.awaitFaults(wait));
            } catch (InterruptedException | RuntimeException failed) {
                waiting.completeExceptionally(failed);
            }
        });
        begun.await();
        gpus.close();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
        waiter.join();
        assertThat(gpus.driverVersion()).as("after the end").isNull();
    }

    @Test
    void anXidTellsTheCardAndWhoseFaultItIs() throws Exception {
        StubNvml stub = StubNvml.build(directory);
        stub.state(DRIVER, H100, GAMING);
        try (NvmlGpus gpus = NvmlGpus.open(stub.library()).orElseThrow()) {
            assertThat(gpus.awaitFaults(Duration.ofMillis(20))).isEmpty();
            stub.state(DRIVER, H100, GAMING, "xid 1 GPU-bbbb 31", "xid 2 GPU-aaaa 79");
            assertThat(gpus.awaitFaults(Duration.ofMillis(500)))
                    .containsExactly(new GpuFault("GPU-bbbb", 31L, GpuFault.Blame.APPLICATION));
            assertThat(gpus.awaitFaults(Duration.ofMillis(500)))
                    .containsExactly(new GpuFault("GPU-aaaa", 79L, GpuFault.Blame.HARDWARE));
            assertThat(gpus.awaitFaults(Duration.ofMillis(20))).isEmpty();
        }
    }

    @Test
    void aLostGpuLeavesTheInventoryAndIsReportedOnceUntilItReturns() throws Exception {
        StubNvml stub = StubNvml.build(directory);
        stub.state(DRIVER, H100, GAMING);
        try (NvmlGpus gpus = NvmlGpus.open(stub.library()).orElseThrow()) {
            stub.state(DRIVER, H100 + " lost=1", GAMING);
            assertThat(gpus.inventory()).extracting(GpuInventory::uuid).containsExactly("GPU-bbbb");
            assertThat(gpus.awaitFaults(Duration.ofMillis(20)))
                    .containsExactly(new GpuFault("GPU-aaaa", null, GpuFault.Blame.HARDWARE));
            assertThat(gpus.awaitFaults(Duration.ofMillis(20))).isEmpty();
            stub.state(DRIVER, H100, GAMING);
            assertThat(gpus.inventory()).hasSize(2);
            assertThat(gpus.awaitFaults(Duration.ofMillis(20))).isEmpty();
            stub.state(DRIVER, H100, GAMING + " lost=1");
            assertThat(gpus.awaitFaults(Duration.ofMillis(20)))
                    .containsExactly(new GpuFault("GPU-bbbb", null, GpuFault.Blame.HARDWARE));
        }
    }

    /** Instances that share memory with another one are nobody's. */
    @Test
    void aSplitCardLendsItsInstancesAndIsNoGpuItself() throws Exception {
        StubNvml stub = StubNvml.build(directory);
        stub.state(
                DRIVER,
                SPLIT,
                SMALL_INSTANCE,
                LARGE_INSTANCE,
                "mig MIG-shared of=GPU-aaaa name=NVIDIA_H100_MIG_1c.3g.40gb mem=40448 gi=3",
                GAMING);
        try (NvmlGpus gpus = NvmlGpus.open(stub.library()).orElseThrow()) {
            GpuDesk desk = new GpuDesk(gpus);
            assertThat(desk.inventory())
                    .containsExactly(
                            new Inventory.Gpu("MIG-1111", "H100 MIG 1g.10gb", 9_728, 90, "570.86.10"),
                            new Inventory.Gpu("MIG-2222", "H100 MIG 3g.40gb", 40_448, 90, "570.86.10"),
                            new Inventory.Gpu("GPU-bbbb", "RTX 3090", 24_576, 86, "570.86.10"));
            LeaseId lease = new JobId(new UUID(1, 1)).task(0).lease(1);
            LeaseId other = new JobId(new UUID(1, 2)).task(0).lease(1);
            assertThat(desk.hold(lease, List.of("GPU-aaaa")))
                    .hasValueSatisfying(why -> assertThat(why).contains("is in MIG mode", "nvidia-smi -mig 0"));
            assertThat(desk.hold(lease, List.of("MIG-shared")))
                    .hasValueSatisfying(why -> assertThat(why).contains("has no GPU"));
            assertThat(desk.hold(lease, List.of("MIG-1111"))).isEmpty();
            assertThat(desk.hold(other, List.of("MIG-1111")))
                    .hasValueSatisfying(why -> assertThat(why).contains("is held by"));
            assertThat(desk.hold(other, List.of("MIG-2222"))).isEmpty();
            assertThat(desk.card("MIG-1111")).as("while a lease holds it").isEmpty();
            desk.release(lease);
            assertThat(desk.card("MIG-1111")).isPresent();
        }
    }

    @Test
    void anInstanceOfAnA100IsNamedByTheCardsMemory() throws Exception {
        StubNvml stub = StubNvml.build(directory);
        stub.state(
                DRIVER,
                "gpu GPU-aaaa name=NVIDIA_A100-SXM4-80GB mem=81920 mig=1 cc=80",
                "mig MIG-1111 of=GPU-aaaa name=NVIDIA_A100-SXM4-80GB_MIG_2g.20gb mem=19968 gi=3");
        try (NvmlGpus gpus = NvmlGpus.open(stub.library()).orElseThrow()) {
            assertThat(new GpuDesk(gpus).inventory())
                    .containsExactly(new Inventory.Gpu("MIG-1111", "A100-80 MIG 2g.20gb", 19_968, 80, "570.86.10"));
        }
    }

    @Test
    void anErrorIsTheInstancesThatTheDriverNamesAndElseAllOfItsCard() throws Exception {
        StubNvml stub = StubNvml.build(directory);
        stub.state(DRIVER, SPLIT, SMALL_INSTANCE, LARGE_INSTANCE);
        try (NvmlGpus gpus = NvmlGpus.open(stub.library()).orElseThrow()) {
            stub.state(DRIVER, SPLIT, SMALL_INSTANCE, LARGE_INSTANCE, "xid 1 GPU-aaaa 31 2", "xid 2 GPU-aaaa 79");
            assertThat(gpus.awaitFaults(Duration.ofMillis(500)))
                    .containsExactly(new GpuFault("MIG-2222", 31L, GpuFault.Blame.APPLICATION));
            assertThat(gpus.awaitFaults(Duration.ofMillis(500)))
                    .containsExactly(
                            new GpuFault("MIG-1111", 79L, GpuFault.Blame.HARDWARE),
                            new GpuFault("MIG-2222", 79L, GpuFault.Blame.HARDWARE));
        }
    }

    @Test
    void anInstanceThatIsGoneIsLostAloneAndACardWithAllOfItsInstances() throws Exception {
        StubNvml stub = StubNvml.build(directory);
        stub.state(DRIVER, SPLIT, SMALL_INSTANCE, LARGE_INSTANCE);
        try (NvmlGpus gpus = NvmlGpus.open(stub.library()).orElseThrow()) {
            stub.state(DRIVER, SPLIT, LARGE_INSTANCE);
            assertThat(gpus.inventory()).extracting(GpuInventory::uuid).containsExactly("GPU-aaaa", "MIG-2222");
            assertThat(gpus.awaitFaults(Duration.ofMillis(20)))
                    .containsExactly(new GpuFault("MIG-1111", null, GpuFault.Blame.HARDWARE));
            stub.state(DRIVER, SPLIT + " lost=1", LARGE_INSTANCE);
            assertThat(gpus.awaitFaults(Duration.ofMillis(20)))
                    .extracting(GpuFault::uuid)
                    .containsExactly("GPU-aaaa", "MIG-2222");
            assertThat(gpus.inventory()).isEmpty();
        }
    }

    @Test
    void aMachineWithoutTheLibraryHasNoGpusAndADriverThatRefusesSaysSo() throws Exception {
        assertThat(NvmlGpus.open(directory.resolve("absent.so").toString())).isEmpty();
        StubNvml withoutDriver = StubNvml.build(directory);
        assertThatThrownBy(() -> NvmlGpus.open(withoutDriver.library()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("answers 9");
    }
}
