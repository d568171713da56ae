package io.athanor.domain.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleFrontierTest {
    private static final int MOST = 130;

    private static byte[] leaf(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /** At every size, also where it was put away and taken up again. */
    @Test
    void hasTheRootOfTheWholeTree() {
        MerkleFrontier frontier = MerkleFrontier.empty();
        List<byte[]> leaves = new ArrayList<>();
        assertThat(frontier.root()).isEqualTo(MerkleTree.root(leaves));
        for (int number = 0; number < MOST; number++) {
            frontier = MerkleFrontier.of(frontier.size(), frontier.peaks());
            frontier.add(leaf(number));
            leaves.add(leaf(number));
            assertThat(frontier.root()).as("size %d", number + 1).isEqualTo(MerkleTree.root(leaves));
            assertThat(frontier.size()).isEqualTo(number + 1);
        }
    }

    @Test
    void isNotTakenUpWithOtherPeaksThanItsSizeHas() {
        MerkleFrontier three = MerkleFrontier.empty();
        for (int number = 0; number < 3; number++) {
            three.add(leaf(number));
        }
        assertThat(MerkleFrontier.of(3, three.peaks()).root()).isEqualTo(three.root());
        assertThatThrownBy(() -> MerkleFrontier.of(4, three.peaks())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MerkleFrontier.of(-1, three.peaks())).isInstanceOf(IllegalArgumentException.class);
    }
}
