package io.athanor.agent.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.agent.gpu.GpuDesk;
import io.athanor.agent.nvml.NvmlGpus;
import io.athanor.codec.Profiles;
import io.athanor.domain.attestation.CapacityProof;
import io.athanor.domain.attestation.CapacityTable;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.common.Region;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The capacity kernel by nvcc, and on every real GPU of this machine; {@code mvn -Pgpu verify} runs it. */
@Tag("gpu")
class RealCapacityIT {
    private static final Hash32 SEED = Hash32.keccak("real".getBytes(StandardCharsets.UTF_8));

    /** Of the memory, in GB a second, as makers publish it for the models that the network weighs. */
    private static final Map<String, Long> PEAK = Map.of(
            "H200", 4_800L, "H100", 3_350L, "A100-80", 2_039L, "L40S", 864L, "RTX 4090", 1_008L, "RTX 3090", 936L);

    /** Each round reads one sector. */
    private static final long BYTES_OF_A_ROUND = 32;

    private static final Map<String, Long> MODELS =
            Profiles.load("devnet").reward().modelPpm();

    @Test
    void nvccMakesThePtxThatIsCheckedInAndPtxasCompilesIt() throws Exception {
        Process build = new ProcessBuilder(Path.of("cuda/build.sh").toString(), "--check")
                .redirectErrorStream(true)
                .start();
        String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(build.waitFor()).as(said).isZero();
        assertThat(said).contains("sm_75: used", "sm_90: used");
    }

    @Test
    void everyCardComputesWhatTheReferenceComputesAndFillsItsMemory() throws Exception {
        try (NvmlGpus gpus = NvmlGpus.open(NvmlGpus.LIBRARY).orElseThrow()) {
            List<Inventory.Gpu> found = new GpuDesk(gpus).inventory();
            assertThat(found).isNotEmpty();
            CudaCards cards = new CudaCards(CudaCards.LIBRARY);
            for (Inventory.Gpu gpu : found) {
                CapacityWork small = new CapacityWork(SEED, gpu.uuid(), 4_096, 2_000, 1_000);
                assertThat(cards.compute(gpu.uuid(), small)).isEqualTo(small.solve());
                requireFull(cards, gpu);
            }
        }
    }

    private static boolean isProven(CapacityWork work, byte[] lanes) {
        CapacityProof proof = CapacityProof.over(work, lanes);
        return CapacityProof.holds(work, proof.root(), SEED, proof.open(SEED));
    }

    /** Prints the median of five, with what that is of the maker's rate. */
    private static void requireFull(CudaCards cards, Inventory.Gpu gpu) throws InterruptedException {
        Inventory machine = new Inventory("0x", new Region("here"), List.of(gpu), 1, 0, 0, 0, 0, "none", false);
        CapacityWork work = CapacityWork.of(SEED, machine, MODELS).getFirst();
        long[] micros = new long[5];
        for (int run = 0; run < micros.length; run++) {
            long begin = System.nanoTime();
            byte[] answer = cards.compute(gpu.uuid(), work);
            micros[run] = (System.nanoTime() - begin) / 1_000;
            assertThat(run > 0 || isProven(work, answer)).isTrue();
        }
        Arrays.sort(micros);
        long filled = (long) work.blocks() * CapacityTable.BLOCK_BYTES;
        assertThat(filled).isGreaterThan(gpu.memoryMib() * (1L << 20) * 84 / 100);
        long rate = (filled + work.lanes() * BYTES_OF_A_ROUND * work.rounds()) / micros[micros.length / 2] / 1_000;
        System.out.printf(
                "%s %s: %d MiB filled, %d rounds of %d lanes in %d ms (slowest %s): %d GB/s of %s published; 400 ms is the claim%n",
                gpu.model(),
                gpu.uuid(),
                filled >> 20,
                work.rounds(),
                work.lanes(),
                micros[micros.length / 2] / 1_000,
                micros[micros.length - 1] / 1_000,
                rate,
                PEAK.getOrDefault(gpu.model(), 0L));
    }
}
