package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitteeDrawTest {
    private static final Ath UNIT = Ath.ofWhole(10_000);
    private static final long WHOLE = 10_000;
    private final Samples samples = new Samples(5);

    private static Candidate candidate(Samples from, String owner, String network, long units) {
        Wallet wallet = from.wallet();
        return new Candidate(wallet, wallet, owner, network, UNIT.times(units));
    }

    private static List<Candidate> candidates(Samples from, int count, long units) {
        List<Candidate> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(candidate(from, "owner-" + i, "net-" + i, units));
        }
        return list;
    }

    private static List<Seat> draw(List<Candidate> from, Hash32 seed, int seats) {
        return CommitteeDraw.draw(from, seed, seats, UNIT, WHOLE, Set.of(), false);
    }

    private static int seats(List<Seat> committee) {
        return committee.stream().mapToInt(Seat::seats).sum();
    }

    @Test
    void theSeedDependsOnEveryPart() {
        Hash32 block = samples.hash();
        Hash32 salts = samples.hash();
        RoundId round = new RoundId(3, RoundId.Kind.LIVENESS, 1, 0);
        Hash32 seed = CommitteeDraw.seed(block, salts, round);
        assertThat(CommitteeDraw.seed(block, salts, round)).isEqualTo(seed);
        assertThat(List.of(
                        CommitteeDraw.seed(salts, block, round),
                        CommitteeDraw.seed(block, samples.hash(), round),
                        CommitteeDraw.seed(block, salts, round.redraw()),
                        CommitteeDraw.seed(block, salts, new RoundId(4, RoundId.Kind.LIVENESS, 1, 0)),
                        CommitteeDraw.seed(block, salts, new RoundId(3, RoundId.Kind.LIVENESS, 2, 0)),
                        CommitteeDraw.seed(block, salts, new RoundId(3, RoundId.Kind.DELIVERY, 1, 0))))
                .doesNotContain(seed)
                .doesNotHaveDuplicates();
    }

    @Test
    void whoHasAnInterestIsNotDrawn() {
        List<Candidate> all = candidates(samples, 4, 1);
        List<Seat> committee = CommitteeDraw.draw(all, samples.hash(), 5, UNIT, WHOLE, Set.of("owner-2"), false);
        assertThat(committee)
                .extracting(Seat::checker)
                .doesNotContain(all.get(2).checker());
        assertThat(seats(committee)).isEqualTo(3);
    }

    @Test
    void aNetworkGroupThatAnInterestedOwnerSharesIsLeftOutWhereTheProfileSaysSo() {
        Candidate interested = candidate(samples, "provider", "as-1", 1);
        Candidate neighbour = candidate(samples, "other", "as-1", 1);
        Candidate far = candidate(samples, "third", "as-2", 1);
        List<Candidate> all = List.of(interested, neighbour, far);
        Hash32 seed = samples.hash();
        assertThat(CommitteeDraw.draw(all, seed, 5, UNIT, WHOLE, Set.of("provider"), true))
                .extracting(Seat::checker)
                .containsExactly(far.checker());
        assertThat(CommitteeDraw.draw(all, seed, 5, UNIT, WHOLE, Set.of("provider"), false))
                .extracting(Seat::checker)
                .containsExactlyInAnyOrder(far.checker(), neighbour.checker());
    }

    @Test
    void lessThanOneUnitIsNotDrawn() {
        Wallet poor = samples.wallet();
        Candidate almost = new Candidate(poor, poor, "o", "n", UNIT.minus(Ath.ofWei(1)));
        Candidate enough = candidate(samples, "p", "n", 1);
        assertThat(draw(List.of(almost, enough), samples.hash(), 5))
                .containsExactly(new Seat(enough.checker(), enough.attester(), 1, null, enough.ownerGroup()));
    }

    @Test
    void anOperatorEntersWithAtMostItsShareOfAllUnits() {
        List<Candidate> all = candidates(samples, 10, 10);
        all.add(candidate(samples, "whale", "w", 60));
        all.add(candidate(samples, "whale", "w", 40));
        // 200 units; 10 % of them are 20.
        List<Seat> everything = CommitteeDraw.draw(all, samples.hash(), 1_000, UNIT, 1_000, Set.of(), false);
        Map<Wallet, String> owner = all.stream().collect(Collectors.toMap(Candidate::checker, Candidate::ownerGroup));
        Map<String, Integer> byOwner = everything.stream()
                .collect(Collectors.groupingBy(s -> owner.get(s.checker()), Collectors.summingInt(Seat::seats)));
        assertThat(byOwner.get("whale")).isEqualTo(20);
        assertThat(byOwner.get("owner-0")).isEqualTo(10);
    }

    @Test
    void onASmallNetworkEveryOwnerKeepsOneUnit() {
        assertThat(CommitteeDraw.draw(candidates(samples, 3, 1), samples.hash(), 5, UNIT, 1_000, Set.of(), false))
                .hasSize(3)
                .allMatch(seat -> seat.seats() == 1);
    }

    @Test
    void aUnitOfNothingIsRefused() {
        assertThatThrownBy(() -> CommitteeDraw.draw(List.of(), samples.hash(), 5, Ath.ZERO, WHOLE, Set.of(), false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(draw(List.of(), samples.hash(), 5)).isEmpty();
    }

    @Test
    void anybodyDrawsTheSameAndNobodySitsMoreOftenThanItsUnits() {
        Cases.forAll(2_000, random -> {
            List<Candidate> all = new ArrayList<>();
            for (int i = random.between(1, 20); i > 0; i--) {
                all.add(candidate(random, "owner-" + random.between(0, 9), "n", random.between(0, 6)));
            }
            Hash32 seed = random.hash();
            int wanted = random.between(1, 15);
            List<Seat> committee = draw(all, seed, wanted);
            assertThat(draw(random.shuffled(all), seed, wanted)).isEqualTo(committee);
            Map<Wallet, Ath> stakes = all.stream().collect(Collectors.toMap(Candidate::checker, Candidate::stake));
            long units = 0;
            for (Candidate c : all) {
                units += c.stake().wei().divide(UNIT.wei()).longValueExact();
            }
            assertThat(seats(committee)).isEqualTo((int) Math.min(wanted, units));
            assertThat(committee)
                    .allMatch(seat ->
                            stakes.getOrDefault(seat.checker(), Ath.ZERO).covers(UNIT.times(seat.seats())));
        });
    }

    /** Four candidates with 1, 2, 3 and 4 of 10 units; the mean of 20,000 draws of 2 seats lies within 5 sigma. */
    @Test
    void seatsGoByStake() {
        List<Candidate> all = new ArrayList<>();
        for (int units = 1; units <= 4; units++) {
            all.add(candidate(samples, "o" + units, "n", units));
        }
        Map<Wallet, Integer> seatsOf = new HashMap<>();
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            draw(all, samples.hash(), 2).forEach(seat -> seatsOf.merge(seat.checker(), seat.seats(), Integer::sum));
        }
        for (int units = 1; units <= 4; units++) {
            double expected = draws * 2 * units / 10.0;
            assertThat((double) seatsOf.getOrDefault(all.get(units - 1).checker(), 0))
                    .isCloseTo(expected, within(5 * Math.sqrt(expected)));
        }
    }

    private static CommitteeDraw.Wanted wanted(RoundId.Kind kind) {
        return CommitteeDraw.Wanted.of(kind, SampleParameters.get());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "7, 3", "12, 5", "35, 15", "36, 15", "91000, 15"})
    void aCommitteeThatAuthorisesASlashLeavesEnoughForItsAppeal(int eligible, int seats) {
        assertThat(CommitteeDraw.size(wanted(RoundId.Kind.SLASH), eligible)).isEqualTo(seats);
        assertThat(CommitteeDraw.quorum(15, 11, 15)).isEqualTo(11);
    }

    @Test
    void sizeAndQuorumScaleToSmallNetworks() {
        assertThat(CommitteeDraw.size(wanted(RoundId.Kind.LIVENESS), 91_000)).isEqualTo(5);
        assertThat(CommitteeDraw.size(wanted(RoundId.Kind.LIVENESS), 3)).isEqualTo(3);
        assertThat(CommitteeDraw.quorum(5, 3, 5)).isEqualTo(3);
        assertThat(CommitteeDraw.quorum(4, 3, 5)).isEqualTo(3);
        assertThat(CommitteeDraw.quorum(3, 3, 5)).isEqualTo(2);
        assertThat(CommitteeDraw.quorum(1, 3, 5)).isEqualTo(2);
        assertThat(CommitteeDraw.quorum(7, 5, 7)).isEqualTo(5);
        assertThat(CommitteeDraw.quorum(15, 11, 15)).isEqualTo(11);
    }

    @Test
    void theQuorumIsAlwaysAMajority() {
        for (int target = 1; target <= 100; target++) {
            for (int quorum = target / 2 + 1; quorum <= target; quorum++) {
                for (int seats = 1; seats <= target; seats++) {
                    assertThat(CommitteeDraw.quorum(seats, quorum, target) * 2).isGreaterThan(seats);
                }
            }
        }
    }

    @Test
    void theCaptureBoundIsTheHypergeometricTail() {
        // 3 of 5 seats from 10 units of which 3 collude: C(3,3)·C(7,2) / C(10,5) = 21 / 252.
        assertThat(CommitteeDraw.captureBoundPpm(3, 10, 5, 3)).isEqualTo(83_334);
        assertThat(CommitteeDraw.captureBoundPpm(0, 10, 5, 3)).isZero();
        assertThat(CommitteeDraw.captureBoundPpm(10, 10, 5, 3)).isEqualTo(1_000_000);
        assertThat(CommitteeDraw.captureBoundPpm(2, 10, 5, 3)).isZero();
        // A third of a large network: 11 of 15 seats are about one in 550.
        assertThat(CommitteeDraw.captureBoundPpm(333_333, 1_000_000, 15, 11)).isBetween(1_700L, 1_900L);
        assertThatThrownBy(() -> CommitteeDraw.captureBoundPpm(11, 10, 5, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
