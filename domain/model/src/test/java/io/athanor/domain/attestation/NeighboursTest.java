package io.athanor.domain.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.Neighbours.Measured;
import io.athanor.domain.attestation.Neighbours.Place;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NeighboursTest {
    private static final Standing RULES =
            SampleParameters.probation().accountable().standing();
    private static final Region NEAR = new Region("eu-west");
    private static final Region FAR = new Region("ap-south");

    private final Samples samples = new Samples(21);
    private final List<MachineId> machines =
            Stream.generate(samples::machine).limit(5).toList();
    private final List<Wallet> owners = samples.wallets(5);
    private final List<Seat> committee = samples.wallets(5).stream()
            .map(checker -> new Seat(checker, checker, 1))
            .toList();
    private final Map<MachineId, Region> regions = new HashMap<>();
    private final Map<Wallet, String> groups = new HashMap<>();

    private static final List<Long> FAIR = List.of(10_000L, 10_000L, 10_000L, 10_000L, 10_000L);
    private static final List<Long> LIAR = List.of(10_000L, 10_000L, 10_000L, 10_000L, 900_000L);

    /** One report a member, of a quorum of three of five; {@code wrong} of them, the last, disagreed with the round. */
    private Map<MachineId, Integer> percents(int wrong, List<List<Long>> reports) {
        return percents(committee, wrong, reports);
    }

    private Map<MachineId, Integer> percents(List<Seat> seats, int wrong, List<List<Long>> reports) {
        List<Subject> subjects = new ArrayList<>();
        for (int i = 0; i < machines.size(); i++) {
            subjects.add(new MachineSubject(machines.get(i), owners.get(i), "0x"));
        }
        Map<Wallet, List<Long>> trips = new HashMap<>();
        List<Consistency> marks = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            Wallet checker = seats.get(i).checker();
            trips.put(checker, reports.get(i));
            marks.add(new Consistency(checker, i < reports.size() - wrong ? Mark.CORRECT : Mark.WRONG));
        }
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 5, List.of(), Hash32.ZERO);
        RoundOpened round = new RoundOpened(
                new RoundId(1, RoundId.Kind.LIVENESS, 0, 0),
                1,
                subjects,
                seats,
                3,
                draw,
                Samples.at(1),
                Samples.at(2),
                Samples.at(3),
                Samples.at(0));
        return Neighbours.percents(
                new Measured(round, trips, marks),
                RULES,
                subject -> new Place(
                        regions.getOrDefault(subject.machine(), NEAR),
                        groups.getOrDefault(
                                subject.provider(), subject.provider().toString())));
    }

    @Test
    void whoIsFarAwayBesideItsNeighboursCountsLess() {
        List<Long> report = List.of(100_000L, 100_000L, 100_000L, 105_000L, 220_000L);
        Map<MachineId, Integer> percents = percents(0, List.of(report, report, report));
        assertThat(percents.get(machines.get(4))).isEqualTo(50);
        assertThat(machines.subList(0, 4))
                .allSatisfy(near -> assertThat(percents.get(near)).isEqualTo(100));
    }

    @Test
    void aCheckerFarFromARegionHarmsNobodyThere() {
        List<Long> close = List.of(2_000L, 2_000L, 3_000L, 2_500L, 2_000L);
        List<Long> distant = List.of(250_000L, 251_000L, 252_000L, 249_000L, 250_000L);
        assertThat(percents(0, List.of(close, distant, close)).values()).containsOnly(100);
    }

    @Test
    void whoWasWrongInTheRoundIsNotHeard() {
        assertThat(percents(2, List.of(FAIR, FAIR, FAIR, LIAR, LIAR)).get(machines.get(4)))
                .isEqualTo(100);
        assertThat(percents(0, List.of(LIAR, LIAR, LIAR, FAIR, FAIR)).get(machines.get(4)))
                .as("three of five who were right")
                .isEqualTo(1);
        assertThat(percents(0, List.of(FAIR, FAIR, FAIR, LIAR, LIAR)).get(machines.get(4)))
                .as("two of five")
                .isEqualTo(100);
    }

    @Test
    void fewerThanTheQuorumSayNothing() {
        assertThat(percents(0, List.of(LIAR, LIAR))).isEmpty();
        assertThat(percents(1, List.of(FAIR, FAIR, FAIR)))
                .as("one of them wrong")
                .isEmpty();
        assertThat(percents(0, List.of(FAIR, FAIR, FAIR))).hasSize(5);
    }

    @Test
    void recordsWeigh() {
        List<Seat> proven = new ArrayList<>(committee);
        proven.set(2, committee.get(2).weighing(5));
        assertThat(percents(proven, 0, List.of(LIAR, LIAR, FAIR)).get(machines.get(4)))
                .isEqualTo(100);
    }

    @Test
    void ownMachinesAreNoNeighbours() {
        List<Long> report = List.of(10_000L, 400_000L, 400_000L, 400_000L, 10_000L);
        owners.subList(1, 4).forEach(owner -> groups.put(owner, "one"));
        Map<MachineId, Integer> percents = percents(0, List.of(report, report, report));
        assertThat(percents.get(machines.get(2))).as("beside the two others").isEqualTo(3);
        groups.put(owners.get(4), "one");
        assertThat(percents(0, List.of(report, report, report)))
                .as("two groups have no neighbours")
                .isEmpty();
    }

    @Test
    void regionsAreNotCompared() {
        List<Long> report = List.of(5_000L, 5_000L, 250_000L, 250_000L, 250_000L);
        machines.subList(2, 5).forEach(machine -> regions.put(machine, FAR));
        assertThat(percents(0, List.of(report, report, report)))
                .as("two machines have no neighbours")
                .containsOnlyKeys(machines.subList(2, 5))
                .containsValue(100);
    }

    @Test
    void whatDidNotComeBackIsNoRoundTripAndNoneIsEndless() {
        List<Long> report = List.of(10_000L, 10_000L, 10_000L, 0L, Long.MAX_VALUE);
        assertThat(percents(0, List.of(report, report, report)))
                .doesNotContainKey(machines.get(3))
                .hasSize(4)
                .containsEntry(machines.get(0), 100)
                .containsEntry(machines.get(4), 1);
        List<Long> endless = Stream.generate(() -> Long.MAX_VALUE).limit(5).toList();
        assertThat(percents(0, List.of(endless, endless, endless)).values()).containsOnly(100);
    }
}
