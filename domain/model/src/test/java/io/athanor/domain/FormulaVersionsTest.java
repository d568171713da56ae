package io.athanor.domain;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.CommitteeDraw;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.epoch.RewardFormula;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.SampleParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Results that stored histories depend on, computed once by a second implementation in another language. A change here
 * is a new version of the formula, beside the old one.
 */
class FormulaVersionsTest {
    private static Wallet wallet(int n) {
        return Wallet.parse("0x" + "%040x".formatted(n));
    }

    private static Hash32 hash(int n) {
        return Hash32.parse("0x" + "%064x".formatted(n));
    }

    private static final TaskId TASK = TaskId.parse("0199f0f2-0000-7000-8000-000000000001.0");
    private static final MachineId MACHINE = MachineId.parse("0199f0f2-0000-7000-8000-000000000002");

    private static List<Candidate> candidates() {
        List<Candidate> list = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            list.add(new Candidate(wallet(i), wallet(100 + i), "owner-" + i, "net-" + i, Ath.ofWhole(10_000L * i)));
        }
        return list;
    }

    @Test
    void theDrawOfVersionOne() {
        Hash32 seed = CommitteeDraw.seed(hash(1), hash(2), new RoundId(12, RoundId.Kind.LIVENESS, 3, 0));
        assertThat(seed.hex()).isEqualTo("0x6fe6ae3aaddb4034c04e1e35ed3f657c6a65f8f8eb6b98d208f18adf99f4af46");
        assertThat(Candidate.digest(candidates()).hex())
                .isEqualTo("0xd95c8deca22389be7b29746227ac1dd3dc4042d345eb673e75e02cea04bd5ec1");
        List<Seat> committee =
                CommitteeDraw.draw(candidates(), seed, 5, Ath.ofWhole(10_000), 2_000, Set.of("owner-2"), false);
        assertThat(committee.stream().map(s -> s.checker().toString().substring(41) + "x" + s.seats()))
                .containsExactly("3x2", "4x1", "5x2");
    }

    @Test
    void theResultDigestOfVersionsOneToThree() {
        Receipt.Output output = new Receipt.Output("tile.ppm", Sha256.of(new byte[] {1, 2, 3}), 3);
        Receipt receipt = new Receipt(
                TASK.lease(1), "c", "i", Ending.COMPLETED, 0, at(0), at(1), 1, List.of(output), null, 0, "0x");
        assertThat(SlaVerdict.FORMULA_VERSION).isEqualTo(3);
        assertThat(SlaVerdict.resultDigest(receipt).hex())
                .isEqualTo("0xc91b858aec69cf2e7c0f2c3b5edffcdf899a9fd3fcfa62ac33cdae4ad0f11896");
    }

    @Test
    void theRewardsOfVersionOne() {
        EpochFacts facts = new EpochFacts(
                3,
                List.of(SampleEpoch.task(
                        TASK, wallet(1), wallet(2), Outcome.DELIVERED, Ath.ofWei(1_001), Ath.ofWei(2_000), 2_000)),
                List.of(new LiveMachine(MACHINE, wallet(2), 1_250_000, 9, 990_000)),
                List.of(new CheckerMarks(wallet(3), 2), new CheckerMarks(wallet(4), 1)),
                Ath.ofWhole(5_000_000),
                Ath.ofWhole(1_000_000));
        RewardStatement statement = RewardFormula.compute(facts, SampleParameters.get());
        assertThat(RewardFormula.FORMULA_VERSION).isEqualTo(1);
        assertThat(statement.providerEmission().toString()).isEqualTo("805479452054794520548125");
        assertThat(statement.checkerEmission().toString()).isEqualTo("479123833333333333333332");
        assertThat(statement.root().hex())
                .isEqualTo("0x68fe92ff70177a6243a9a53c163f0151bd00930db3e32b82394cdd96be44e8e7");
    }
}
