package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.hash.Hash32;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which openings of which roots hold. */
class CapacityProofTest {
    private static final Hash32 SEED = hash("seed");
    private static final Hash32 SECRET = hash("secret");
    private static final CapacityWork CARD = new CapacityWork(SEED, "GPU-1", 4_000, 3, 5);
    private static final CapacityWork SIMULATED = new CapacityWork(SEED, "SIM-1", 63, 50);
    private static final byte[] LANES = CARD.solve();

    private static Hash32 hash(String text) {
        return Hash32.keccak(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aProofHoldsForWhatWasComputedAndForNothingElse() {
        CapacityProof proof = CapacityProof.over(CARD, LANES);
        byte[] opening = proof.open(SECRET);
        assertThat(CapacityProof.holds(CARD, proof.root(), SECRET, opening)).isTrue();
        CapacityWork other = new CapacityWork(SEED, "GPU-2", 4_000, 3, 5);
        assertThat(CapacityProof.holds(other, proof.root(), SECRET, opening)).isFalse();
        assertThat(CapacityProof.holds(CARD, hash("other"), SECRET, opening)).isFalse();
        assertThat(CapacityProof.holds(CARD, proof.root(), SECRET, new byte[0])).isFalse();
        assertThat(CapacityProof.holds(CARD, proof.root(), SECRET, Arrays.copyOf(opening, opening.length - 1)))
                .isFalse();
        assertThat(CapacityProof.holds(CARD, proof.root(), SECRET, Arrays.copyOf(opening, opening.length + 1)))
                .isFalse();
        byte[] changed = opening.clone();
        changed[3] ^= 1;
        assertThat(CapacityProof.holds(CARD, proof.root(), SECRET, changed)).isFalse();
    }

    /** What was opened to one checker, or to one of its draws, opens no other. */
    @Test
    void anOpeningIsOfItsSecretAlone() {
        CapacityProof proof = CapacityProof.over(CARD, LANES);
        byte[] replayed = proof.open(hash("of another checker"));
        assertThat(CapacityProof.holds(CARD, proof.root(), SECRET, replayed)).isFalse();
        assertThat(CapacityProof.holds(CARD, proof.root(), SECRET, proof.open(SECRET)))
                .isTrue();
    }

    @Test
    void ofFewLanesAllAreOpened() {
        byte[] lanes = SIMULATED.solve();
        CapacityProof proof = CapacityProof.over(SIMULATED, lanes);
        assertThat(proof.open(SECRET)).isEqualTo(lanes);
        assertThat(CapacityProof.holds(SIMULATED, proof.root(), SECRET, lanes)).isTrue();
        assertThat(CapacityProof.holds(SIMULATED, hash("fixed before"), SECRET, lanes))
                .isFalse();
        byte[] guessed = new byte[lanes.length];
        CapacityProof guess = CapacityProof.over(SIMULATED, guessed);
        assertThat(CapacityProof.holds(SIMULATED, guess.root(), SECRET, guess.open(SECRET)))
                .isFalse();
        assertThatThrownBy(() -> CapacityProof.over(SIMULATED, new byte[8]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Nine tenths get through once in 1.7 million; these two hundred seeded secrets let none of them through. */
    @Test
    void whoComputedOnlyNineTenthsIsFoundOut() {
        byte[] lanes = LANES.clone();
        for (int lane = 0; lane < CARD.lanes(); lane += 10) {
            lanes[lane * Long.BYTES] ^= 1;
        }
        CapacityProof most = CapacityProof.over(CARD, lanes);
        CapacityProof all = CapacityProof.over(CARD, LANES);
        for (int i = 0; i < 200; i++) {
            Hash32 secret = hash("secret " + i);
            assertThat(CapacityProof.holds(CARD, most.root(), secret, most.open(secret)))
                    .as("secret %d", i)
                    .isFalse();
        }
        assertThat(CapacityProof.holds(CARD, all.root(), SECRET, all.open(SECRET)))
                .isTrue();
    }

    /**
     * Before, the root drew its own leaves, and a machine tried roots until the draw was kind. It has one root here, and which
     * lanes are drawn depends on a secret: over a thousand secrets the drawn lanes that were not computed are a tenth of all.
     */
    @Test
    void aRootCannotBeChosenForItsDraw() {
        Hash32 root = CapacityProof.over(CARD, LANES).root();
        long missing = 0;
        Set<Integer> drawn = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            Hash32 secret = hash("draw " + i);
            for (int sample = 0; sample < CapacityProof.SAMPLES; sample++) {
                int lane = CapacityProof.draw(CARD, secret, root, sample);
                drawn.add(lane);
                missing += lane % 10 == 0 ? 1 : 0;
            }
        }
        assertThat(missing).isBetween(13_200L, 14_000L);
        assertThat(drawn).hasSize(CARD.lanes());
    }

    @Test
    void whatATestSaysOfItsSecretBindsIt() {
        assertThat(CapacityProof.commitment(SECRET)).isEqualTo(CapacityProof.commitment(hash("secret")));
        assertThat(CapacityProof.commitment(SECRET))
                .isNotEqualTo(CapacityProof.commitment(SEED))
                .isNotEqualTo(SECRET);
    }

    /**
     * Of a table with the share f of wrong words a lane is right with the chance (1 − f) to the number of its steps, and a proof
     * gets through with the chance of that for every sample: here 0.98²⁰ of the lanes, and less than 10⁻²³.
     */
    @Test
    void whoGuessesAShareOfTheTableIsFoundOut() {
        CapacityWork card = new CapacityWork(SEED, "GPU-1", 4_000, 20, 5);
        long[] table = card.table();
        byte[] right = lanes(card, table);
        for (int word = 0; word < table.length; word += 50) {
            table[word] ^= 1;
        }
        byte[] wrong = lanes(card, table);
        long same = IntStream.range(0, card.lanes())
                .filter(lane -> right[lane * Long.BYTES] == wrong[lane * Long.BYTES])
                .count();
        assertThat(same).as("0.668 of 4,000, and one in 256 of the others").isBetween(2_550L, 2_800L);
        assertThat(holds(card, wrong)).isFalse();
        assertThat(holds(card, right)).isTrue();
    }

    private static byte[] lanes(CapacityWork card, long[] table) {
        return CapacityWork.bytes(IntStream.range(0, card.lanes())
                .mapToLong(lane -> card.lane(lane, table))
                .toArray());
    }

    private static boolean holds(CapacityWork card, byte[] lanes) {
        CapacityProof proof = CapacityProof.over(card, lanes);
        return CapacityProof.holds(card, proof.root(), SECRET, proof.open(SECRET));
    }
}
