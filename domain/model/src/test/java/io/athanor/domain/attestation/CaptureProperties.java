package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Colluders with 30 % of the units against the printed hypergeometric bound: in one hand up to the operator's cap, and
 * split over as many wallets and owner groups as there are units.
 */
class CaptureProperties {
    private static final Ath UNIT = Ath.ofWhole(10_000);
    private static final int UNITS = 120;
    private static final int COLLUDING = 36;
    private static final int DRAWS = 10_000;

    private record Committee(int seats, int quorum) {}

    /** @param wallets among which the colluders spread their units */
    private static List<Candidate> network(int wallets, Samples samples, Set<Wallet> colluders) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < wallets; i++) {
            Wallet wallet = samples.wallet();
            colluders.add(wallet);
            candidates.add(new Candidate(wallet, wallet, "bad-" + i, "n", UNIT.times(COLLUDING / wallets)));
        }
        for (int i = 0; i < UNITS - COLLUDING; i++) {
            Wallet wallet = samples.wallet();
            candidates.add(new Candidate(wallet, wallet, "good-" + i, "n", UNIT));
        }
        return candidates;
    }

    private static int captures(List<Candidate> candidates, Set<Wallet> colluders, Committee size, Samples samples) {
        int captured = 0;
        for (int i = 0; i < DRAWS; i++) {
            Hash32 draw = samples.hash();
            int theirs = CommitteeDraw.draw(candidates, draw, size.seats, UNIT, 10_000, Set.of(), false).stream()
                    .filter(seat -> colluders.contains(seat.checker()))
                    .mapToInt(Seat::seats)
                    .sum();
            captured += theirs >= size.quorum ? 1 : 0;
        }
        return captured;
    }

    /** Binomial noise: six standard deviations, and one draw. */
    private static double most(long boundPpm) {
        double p = boundPpm / 1e6;
        return DRAWS * p + 6 * Math.sqrt(DRAWS * p * (1 - p)) + 1;
    }

    @Test
    void colludersReachNoQuorumMoreOftenThanTheBoundInHoweverManyWallets() {
        Cases.forAll(1, samples -> {
            for (Committee size : List.of(new Committee(15, 11), new Committee(5, 3))) {
                long bound = CommitteeDraw.captureBoundPpm(COLLUDING, UNITS, size.seats, size.quorum);
                for (int wallets : List.of(1, COLLUDING)) {
                    Set<Wallet> colluders = new HashSet<>();
                    List<Candidate> candidates = network(wallets, samples, colluders);
                    int captured = captures(candidates, colluders, size, samples);
                    System.out.printf(
                            "%s of %d units, %d theirs in %d wallets: %d of %d draws, bound %d ppm%n",
                            size, UNITS, COLLUDING, wallets, captured, DRAWS, bound);
                    assertThat((double) captured).as("%s", size).isLessThanOrEqualTo(most(bound));
                }
            }
        });
    }

    @Test
    void aSlashIsAlmostNeverAuthorisedByColluders() {
        assertThat(CommitteeDraw.captureBoundPpm(COLLUDING, UNITS, 15, 11)).isLessThan(500);
        assertThat(CommitteeDraw.captureBoundPpm(COLLUDING, UNITS, 21, 15)).isLessThan(100);
    }
}
