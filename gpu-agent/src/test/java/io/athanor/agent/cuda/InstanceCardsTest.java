package io.athanor.agent.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.hash.Hash32;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Capacity tests of MIG instances, each in a process of its own, on a stand-in for the driver: it shows a process the
 * instance that its environment names, and computes on the processor.
 */
class InstanceCardsTest {
    private static final Hash32 SEED = Hash32.keccak("seed".getBytes(StandardCharsets.UTF_8));
    private static final String ONE = "MIG-1111";
    private static final String OTHER = "MIG-2222";

    @TempDir
    Path directory;

    private static CapacityWork work(String gpu, int lanes, int blocks) {
        return new CapacityWork(SEED, gpu, lanes, 3, blocks);
    }

    @Test
    void eachInstanceComputesInAProcessThatStaysForTheNextTest() throws Exception {
        try (InstanceCards cards = new InstanceCards(StubCuda.build(directory))) {
            CapacityWork first = work(ONE, 64, 7);
            CapacityWork second = work(OTHER, 64, 9);
            assertThat(cards.compute(ONE, first)).isEqualTo(first.solve());
            assertThat(cards.compute(OTHER, second)).isEqualTo(second.solve());
            assertThat(cards.compute(ONE, first)).isEqualTo(first.solve());
            assertThat(cards.processes()).isEqualTo(2);
        }
    }

    /** The instance's 8 MiB, while its card has 64. */
    @Test
    void anInstanceHasItsOwnMemoryAlone() throws Exception {
        String library = StubCuda.build(directory);
        try (InstanceCards cards = new InstanceCards(library)) {
            assertThatThrownBy(() -> cards.compute(ONE, work(ONE, 65_536, 256)))
                    .hasMessageContaining("cuMemAlloc_v2 answers CUDA error 2");
            CapacityWork fits = work(ONE, 65_536, 240);
            assertThat(cards.compute(ONE, fits)).isEqualTo(fits.solve());
        }
        CapacityWork large = work(StubCuda.GPU, 65_536, 256);
        assertThat(new CudaCards(library).compute(StubCuda.GPU, large)).isEqualTo(large.solve());
    }

    @Test
    void whatIsNoInstanceOrHasNoDriverIsSaid() throws Exception {
        try (InstanceCards cards = new InstanceCards(StubCuda.build(directory))) {
            assertThatThrownBy(() -> cards.compute("GPU-whole", work("GPU-whole", 64, 7)))
                    .hasMessageContaining("CUDA shows 0 devices instead of one");
        }
        try (InstanceCards cards =
                new InstanceCards(directory.resolve("absent.so").toString())) {
            assertThatThrownBy(() -> cards.compute(ONE, work(ONE, 64, 7)))
                    .hasMessageContaining("installed without CUDA");
        }
    }

    @Test
    void theProcessesEndWithTheAgent() throws Exception {
        InstanceCards cards = new InstanceCards(StubCuda.build(directory));
        cards.compute(ONE, work(ONE, 64, 7));
        assertThat(cards.processes()).isEqualTo(1);
        cards.close();
        assertThat(cards.processes()).isZero();
    }
}
