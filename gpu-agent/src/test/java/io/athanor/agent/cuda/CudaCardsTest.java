package io.athanor.agent.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.hash.Digests;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's source and the driver's calls, on a stand-in for the driver that computes on the processor. */
class CudaCardsTest {
    private static final Hash32 SEED = Hash32.keccak("seed".getBytes(StandardCharsets.UTF_8));
    private static final CapacityWork WORK = new CapacityWork(SEED, StubCuda.GPU, 1_000, 300, 123);

    @TempDir
    Path directory;

    /** Bit for bit, since any lane may be drawn. */
    @Test
    void theKernelsSourceComputesWhatTheReferenceComputes() throws Exception {
        CudaCards cards = new CudaCards(StubCuda.build(directory));
        assertThat(cards.compute(StubCuda.GPU, WORK)).isEqualTo(WORK.solve());
        CapacityWork second = new CapacityWork(Hash32.ZERO, StubCuda.GPU, 64, 7, 1);
        assertThat(cards.compute(StubCuda.GPU, second)).isEqualTo(second.solve());
    }

    @Test
    void aCardWithLessMemoryThanItClaimsCannotAnswer() throws Exception {
        CudaCards cards = new CudaCards(StubCuda.build(directory));
        CapacityWork large = new CapacityWork(SEED, StubCuda.GPU, 65_536, 1, 2_048);
        assertThatThrownBy(() -> cards.compute(StubCuda.GPU, large))
                .hasMessageContaining("cuMemAlloc_v2 answers CUDA error 2");
        CapacityWork fits = new CapacityWork(SEED, StubCuda.GPU, 65_536, 1, 2_031);
        assertThat(cards.compute(StubCuda.GPU, fits)).isEqualTo(fits.solve());
    }

    @Test
    void whatCannotBeComputedIsSaid() throws Exception {
        CudaCards cards = new CudaCards(StubCuda.build(directory));
        assertThatThrownBy(() -> cards.compute("GPU-other", WORK)).hasMessage("CUDA does not see GPU GPU-other");
        CapacityWork simulated = new CapacityWork(SEED, StubCuda.GPU, 1, 1);
        assertThatThrownBy(() -> cards.compute(StubCuda.GPU, simulated)).hasMessageContaining("for simulated cards");
        String absent = directory.resolve("absent.so").toString();
        assertThatThrownBy(() -> new CudaCards(absent).compute(StubCuda.GPU, WORK))
                .hasMessageContaining("installed without CUDA");
    }

    /** {@code cuda/build.sh} writes it; a source that changed without the PTX would compute something else on GPUs. */
    @Test
    void thePtxWasMadeOfThisSource() {
        byte[] source = CudaCard.source("capacity.cu").getBytes(StandardCharsets.UTF_8);
        String digest = Hex.encode(Digests.sha256(source)).substring(2);
        assertThat(CudaCard.source(CudaCard.PTX))
                .startsWith("// sha256 of capacity.cu: " + digest + "\n")
                .contains(".target sm_75", ".visible .entry capacity_fill(", ".visible .entry capacity_walk(");
    }
}
