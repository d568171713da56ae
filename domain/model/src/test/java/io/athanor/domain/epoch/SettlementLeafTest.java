package io.athanor.domain.epoch;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.JobEvent.JobSettled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettlementLeafTest {
    private static final int WORD = 32;
    private static final Hash32 RESULT =
            Hash32.parse("0xf5c2de60b06b624ca42a6fb19fdb6d9052a9c1b62b19f133b062de70a31c3867");
    private static final TaskId TASK =
            JobId.parse("0199f0f2-0000-7000-8000-000000000001").task(3);

    private static JobSettled settled(@Nullable Wallet provider) {
        Assessment assessment = new Assessment(
                Outcome.ENDED_BY_CLIENT,
                null,
                1,
                Ath.parse("1250000000000000000"),
                Ath.ofWhole(1),
                Ath.parse("250000000000000000"),
                Ath.ZERO,
                RESULT,
                1,
                false);
        return new JobSettled(TASK, 42, Wallet.parse("0x" + "aa".repeat(20)), provider, assessment, at(0));
    }

    /** The same fields as in the first sample of the contracts' vectors (chain-projector/contracts/vectors). */
    @Test
    void theLeafIsItsKindAndTheWordsThatTheContractDecodes() {
        byte[] leaf = SettlementLeaf.of(settled(Wallet.parse("0x" + "bb".repeat(20))));
        assertThat(leaf).hasSize(1 + 9 * WORD);
        assertThat(leaf[0]).isEqualTo((byte) 1);
        byte[] job = Hash32.keccak("0199f0f2-0000-7000-8000-000000000001.3".getBytes(StandardCharsets.UTF_8))
                .bytes();
        assertThat(Arrays.copyOfRange(leaf, 1, 1 + WORD)).isEqualTo(job);
        assertThat(Hex.encode(Arrays.copyOfRange(leaf, 1 + WORD, leaf.length)))
                .isEqualTo("0x"
                        + "000000000000000000000000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                        + "000000000000000000000000bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                        + "0000000000000000000000000000000000000000000000001158e460913d0000"
                        + "0000000000000000000000000000000000000000000000000de0b6b3a7640000"
                        + "00000000000000000000000000000000000000000000000003782dace9d90000"
                        + "f5c2de60b06b624ca42a6fb19fdb6d9052a9c1b62b19f133b062de70a31c3867"
                        + "0000000000000000000000000000000000000000000000000000000000000001"
                        + "000000000000000000000000000000000000000000000000000000000000002a");
    }

    @Test
    void aTaskThatNobodyRanHasTheZeroAddress() {
        byte[] leaf = SettlementLeaf.of(settled(null));
        assertThat(Arrays.copyOfRange(leaf, 1 + 2 * WORD, 1 + 3 * WORD)).containsOnly(0);
    }

    @Test
    void everyOutcomeHasItsNumber() {
        assertThat(Outcome.values()).extracting(Outcome::number).containsExactly(0, 1, 2, 3);
    }

    @Test
    void headsChainByNumberAndRoot() {
        Hash32 root = Hash32.keccak(new byte[] {1});
        ChainHead one = ChainHead.GENESIS.next(root);
        byte[] seq = new byte[WORD];
        seq[WORD - 1] = 1;
        assertThat(one).isEqualTo(new ChainHead(1, Hash32.keccak(new byte[WORD], seq, root.bytes())));
        Batch batch = new Batch(1, Hash32.ZERO, root, 1, Ath.ZERO);
        assertThat(batch.head()).isEqualTo(one);
        assertThat(one.next(root).head()).isNotEqualTo(one.head());
    }
}
